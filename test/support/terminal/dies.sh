#!/bin/sh
echo 'about to die'
kill -SEGV $$
