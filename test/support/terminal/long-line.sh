#!/bin/sh
# Ten megabytes without a line end.
head -c 10485760 /dev/zero | tr '\0' x
