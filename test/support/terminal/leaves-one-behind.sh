#!/bin/sh
# Ends well, but a child goes on and holds the output open.
trap '' HUP
sh -c 'while :; do sleep 1; done' &
echo done
