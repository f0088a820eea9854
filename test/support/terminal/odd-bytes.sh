#!/bin/sh
# Escape sequences, NUL, bytes that are no UTF-8.
printf 'title \033]0;owned\007 red \033[31m nul \000 bad \377\376 end'
