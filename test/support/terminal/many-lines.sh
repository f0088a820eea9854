#!/bin/sh
exec seq 1 "$1"
