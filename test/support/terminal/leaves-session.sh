#!/bin/sh
# A grandchild in a session of its own; its parent waits for it.
setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' &
echo started
wait
