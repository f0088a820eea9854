#!/bin/sh
echo 'cannot open that' >&2
exit 3
