/** What every script of sh has: saying something, files as a whole, and settings of the system. Constant text. */
import type { SystemId } from '../readings.ts';

/** With nobody there to read, printing fails, and that is no reason to stop. */
export const SAYING = `say() { printf '%s\\n' "$1" 2>/dev/null; }
complain() { printf '%s\\n' "$1" >&2; }
`;

/**
 * A file is written beside its place, brought to the disk and renamed, and the folder is brought to the disk; no link
 * is followed (hardening F8). A sync that takes no names (old ones, BSD) writes everything.
 */
export const FILES = `file_is() { [ -f "$1" ] && [ ! -L "$1" ] && [ "$(cat -- "$1" && printf x)" = "$2x" ]; }
file_is_absent() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
to_disk() { sync -- "$1" 2>/dev/null || sync; }
write_file() {
  folder=\${1%/*}
  if [ -L "$1" ] || [ -d "$1" ] || [ -L "$folder" ]; then
    complain "$1 or its folder is a link, or it is a folder"
    return 1
  fi
  mkdir -p -- "$folder" && rm -f -- "$folder"/.fourtuple.?????? || return 1
  new=$(mktemp -- "$folder/.fourtuple.XXXXXX") || return 1
  if printf '%s' "$3" >"$new" && chmod -- "$2" "$new" && to_disk "$new" && mv -f -- "$new" "$1"; then
    to_disk "$folder"
    return
  fi
  rm -f -- "$new"
  return 1
}
delete_file() {
  folder=\${1%/*}
  rm -f -- "$1" "$folder"/.fourtuple.?????? && to_disk "$folder"
}
`;

/**
 * How settings are read, white space made one space as they are compared (hardening F4): always within "$(…)", whose
 * words and option -f end with it. Not by `read`: /proc gives a shell that reads by bytes the first one alone.
 */
export function settingsOf(system: SystemId): string {
  return system === 'linux' ? LINUX : BSD;
}

/** Slim containers and small systems have no sysctl. */
const LINUX = `read_setting() {
  value=$(cat -- "$1" 2>/dev/null) || { say 'not readable'; return; }
  set -f
  set -- $value
  say "$*"
}
if ! command -v sysctl >/dev/null 2>&1; then
  # Not installed here: it does no more than this.
  sysctl() { printf '%s\\n' "\${2#*=}" >"/proc/sys/$(printf '%s' "\${2%%=*}" | tr . /)"; }
fi
`;

const BSD = `read_setting() {
  value=$(sysctl -n "$1" 2>/dev/null) || { say 'not readable'; return; }
  set -f
  set -- $value
  say "$*"
}
`;
