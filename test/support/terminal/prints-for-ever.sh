#!/bin/sh
exec yes 'one more line of an output that does not end'
