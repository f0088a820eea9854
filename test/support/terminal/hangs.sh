#!/bin/sh
# Says one thing, then nothing, for ever.
echo waiting
exec sleep 1000
