#!/bin/sh
# Says nothing at all, for ever, in a child of its own.
sleep 1000
