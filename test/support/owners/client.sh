#!/bin/bash
# client.sh RATE REQUEST ADDRESS:PORT...: a process a connection of about 2 ms, each to the next target.
rate=$1 request=$2
shift 2
targets=("$@")
step=$((1000000 / rate)) opened=0 due=${EPOCHREALTIME/./}
exec 4<> <(:)
while :; do
  target=${targets[opened++ % ${#targets[@]}]}
  (
    exec 3<>"/dev/tcp/${target%:*}/${target#*:}" || exit
    printf %s "$request" >&3
    read -r -t 0.002 -N 100 -u 3
  )
  now=${EPOCHREALTIME/./}
  ((due += step, due < now - 50000 && (due = now - 50000)))
  if ((due > now)); then
    printf -v pause '0.%06d' $((due - now))
    read -r -t "$pause" -u 4
  fi
done
