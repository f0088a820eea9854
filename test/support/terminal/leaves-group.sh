#!/bin/bash
# A grandchild in a process group of its own (job control), which ignores SIGTERM too; its parent waits for it.
set -m
sh -c 'trap "" TERM HUP; while :; do sleep 1; done' &
echo started
wait
