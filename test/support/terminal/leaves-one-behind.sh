#!/bin/sh
# Ends well, but a child goes on and holds the output open.
sh -c 'trap "" HUP; while :; do sleep 1; done' &
echo done
