#!/bin/sh
# $1 bytes as fast as they go, then a last line and the end at once.
head -c "$1" /dev/zero | tr '\0' x | fold -w 79
echo END
