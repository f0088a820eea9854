#!/bin/bash
# Ends well, but a child in a group of its own goes on; nothing of the output is open any more.
set -m
trap '' HUP
sh -c 'while :; do sleep 1; done' </dev/null >/dev/null 2>&1 &
echo done
