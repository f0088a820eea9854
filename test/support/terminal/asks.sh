#!/bin/sh
stty -echo 2>/dev/null
printf 'Password: '
read -r answer
stty echo 2>/dev/null
echo "got ${#answer} characters"
stty size
