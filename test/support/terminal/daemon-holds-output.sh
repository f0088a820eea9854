#!/bin/sh
# Ends well, but somebody out of reach (another session, no parent) holds the output open for two seconds.
setsid -f sleep 2
echo done
