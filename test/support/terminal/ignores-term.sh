#!/bin/sh
trap '' TERM HUP INT
echo ready
while :; do sleep 1; done
