/** A plan as a POSIX sh script. Words come from quoteForSh alone; comments carry no text of the machine. */
import type { Plan, Step } from './model.ts';
import { quoteForSh as q } from './quote.ts';

/** The script as a whole. It does nothing until it is run with `apply` or `undo`. */
export function shScript(plan: Plan): string {
  const body = plan.steps.map((step, index) => stepFunctions(step, index + 1, plan)).join('\n');
  const numbers = plan.steps.map((_, index) => String(index + 1));
  return `${head(plan)}
${LIBRARY}
${plan.system === 'linux' ? LINUX_SETTINGS : bsdSettings(plan.system === 'freebsd')}
${body}
STEPS=${q(numbers.join(' '))}
BACKWARDS=${q([...numbers].reverse().join(' '))}
${MAIN}`;
}

function head({ title, fixId }: Plan): string {
  return `#!/bin/sh
# Fourtuple: ${title} (${fixId})
#
#   sh FILE check   say how each setting is; changes nothing
#   sh FILE apply   change them, if each is still as it was when this was made
#   sh FILE undo    put them back, if each is still as "apply" left it
#
# Ends with 0 done, 1 failed and taken back, 2 refused and nothing changed, 3 something is left as it was found.
set -u
umask 022
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
`;
}

const LIBRARY = `say() { printf '%s\\n' "$1"; }
complain() { printf '%s\\n' "$1" >&2; }

file_is() { [ -f "$1" ] && [ ! -L "$1" ] && [ "$(cat -- "$1" && printf x)" = "$2x" ]; }
file_is_absent() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
write_file() {
  [ ! -L "$1" ] || return 1
  mkdir -p -- "$(dirname -- "$1")" || return 1
  new=$(mktemp -- "$1.XXXXXX") || return 1
  if printf '%s' "$3" >"$new" && chmod -- "$2" "$new" && sync && mv -f -- "$new" "$1"; then return 0; fi
  rm -f -- "$new"
  return 1
}
`;

/** White space is made one space, as settings are compared; a list that is to be empty is written as a newline. */
const LINUX_SETTINGS = `read_setting() {
  if [ -r "$1" ]; then tr -s '[:space:]' ' ' <"$1" | sed 's/^ //; s/ $//'; else say 'not readable'; fi
}
write_setting() { printf '%s\\n' "$2" >"$1"; }
`;

function bsdSettings(isFreeBsd: boolean): string {
  return `read_setting() {
  { sysctl -n "$1" 2>/dev/null || say 'not readable'; } | tr -s '[:space:]' ' ' | sed 's/^ //; s/ $//'
}
write_setting() { sysctl ${isFreeBsd ? '' : '-w '}"$1=$2" >/dev/null; }
`;
}

/** What a step asks of the machine and does to it, as bodies of functions. */
interface Bodies {
  /** Whether it is an action without a value. */
  isAction: boolean;
  show: string;
  isBefore: string;
  isAfter: string;
  apply: string;
  undo: string;
}

function stepFunctions(step: Step, number: number, plan: Plan): string {
  const { isAction, show, isBefore, isAfter, apply, undo } = bodiesOf(step, plan);
  return `title_${number}=${q(step.title)}
is_action_${number}() { ${isAction}; }
show_${number}() { ${show}; }
is_before_${number}() { ${isBefore}; }
is_after_${number}() { ${isAfter}; }
apply_${number}() { ${apply}; }
undo_${number}() { ${undo}; }
`;
}

function bodiesOf(step: Step, { system }: Plan): Bodies {
  const { target } = step;
  switch (target.kind) {
    case 'sysctl': {
      const place = q(system === 'linux' ? `/proc/sys/${target.key.replaceAll('.', '/')}` : target.key);
      return settingBodies(step, place);
    }
    case 'file':
      return fileBodies(step, target.path);
    case 'descriptor-limit':
      return limitBodies(step, target.pid, target.startTicks);
    case 'action':
      return actionBodies(step);
    default:
      throw new Error(`a ${target.kind} is no step of a POSIX system`);
  }
}

function settingBodies({ current, proposed }: Step, place: string): Bodies {
  const before = q(current.kind === 'value' ? current.text : '');
  const after = q(proposed.kind === 'value' ? proposed.text : '');
  return {
    isAction: false,
    show: `read_setting ${place}`,
    isBefore: `[ "$(read_setting ${place})" = ${before} ]`,
    isAfter: `[ "$(read_setting ${place})" = ${after} ]`,
    apply: `write_setting ${place} ${after}`,
    undo: `write_setting ${place} ${before}`,
  };
}

function fileBodies({ current, proposed, target }: Step, path: string): Bodies {
  const place = q(path);
  const mode = target.kind === 'file' ? target.mode : '0644';
  const content = q(proposed.kind === 'value' ? proposed.text : '');
  const old = current.kind === 'value' ? q(current.text) : null;
  return {
    isAction: false,
    show: `if file_is_absent ${place}; then say 'not there'; else cat -- ${place}; fi`,
    isBefore: old === null ? `file_is_absent ${place}` : `file_is ${place} ${old}`,
    isAfter: `file_is ${place} ${content}`,
    apply: `write_file ${place} ${mode} ${content}`,
    undo: old === null ? removal(path) : `write_file ${place} ${mode} ${old}`,
  };
}

/** A folder of drop-ins goes with its only file. */
function removal(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const isDropIn = folder.startsWith('/etc/systemd/system/') && folder.endsWith('.d');
  return `rm -f -- ${q(path)}${isDropIn ? ` && { rmdir -- ${q(folder)} 2>/dev/null || true; }` : ''}`;
}

/** The start of a process is the 22nd field of its stat; its name, which may hold anything, ends at the last ")". */
function limitBodies({ current, proposed }: Step, pid: number, startTicks: number | null): Bodies {
  const read = `prlimit --pid=${pid} --nofile --noheadings --raw --output=SOFT,HARD | tr -s ' ' ':'`;
  const isSame =
    startTicks === null
      ? ''
      : `[ "$(sed 's/.*) //' </proc/${pid}/stat | cut -d ' ' -f 20)" = ${q(String(startTicks))} ] && `;
  const before = current.kind === 'value' ? current.text : '';
  const after = proposed.kind === 'value' ? proposed.text : '';
  return {
    isAction: false,
    show: read,
    isBefore: `${isSame}[ "$(${read})" = ${q(before)} ]`,
    isAfter: `${isSame}[ "$(${read})" = ${q(after)} ]`,
    apply: `prlimit --pid=${pid} --nofile=${q(after)}`,
    undo: `prlimit --pid=${pid} --nofile=${q(before)}`,
  };
}

/** It changes no value, so there is nothing to compare, and it is carried out whenever it is asked for. */
function actionBodies({ apply, undo, undoNote }: Step): Bodies {
  const note = undoNote === null ? 'true' : `complain ${q(undoNote)}`;
  return {
    isAction: true,
    show: 'true',
    isBefore: 'true',
    isAfter: 'false',
    apply: apply.kind === 'run' ? apply.argv.map(q).join(' ') : 'false',
    undo: undo?.kind === 'run' ? undo.argv.map(q).join(' ') : note,
  };
}

const MAIN = `check() {
  for n in $STEPS; do
    eval "title=\\$title_$n"
    if is_action_"$n"; then say "$title: is done each time"
    elif is_after_"$n"; then say "$title: as it would be after apply"
    elif is_before_"$n"; then say "$title: as it was when this was made"
    else say "$title: neither as before nor as after: $(show_"$n")"
    fi
  done
}

apply() {
  for n in $STEPS; do
    eval "title=\\$title_$n"
    if ! is_before_"$n" && ! is_after_"$n"; then
      complain "$title has changed since this was made: $(show_"$n")"
      complain 'Refused; nothing was changed.'
      return 2
    fi
  done
  done_steps=
  for n in $STEPS; do
    if is_after_"$n"; then continue; fi
    eval "title=\\$title_$n"
    done_steps="$n $done_steps"
    if apply_"$n" && { is_action_"$n" || is_after_"$n"; }; then say "$title: done"; continue; fi
    complain "$title could not be changed; taking back what was."
    for m in $done_steps; do is_before_"$m" || undo_"$m" || complain 'One of them could not be taken back.'; done
    return 1
  done
}

undo() {
  left=0
  for n in $BACKWARDS; do
    eval "title=\\$title_$n"
    if is_action_"$n"; then undo_"$n" || left=3
    elif is_before_"$n"; then continue
    elif ! is_after_"$n"; then complain "$title was changed by someone else and is left alone: $(show_"$n")"; left=3
    elif undo_"$n" && is_before_"$n"; then say "$title: as before"
    else complain "$title could not be put back."; left=3
    fi
  done
  return "$left"
}

case "\${1-}" in
  check) check ;;
  apply) apply ;;
  undo) undo ;;
  *) complain 'Say what to do: sh FILE check, sh FILE apply, or sh FILE undo.'; exit 2 ;;
esac
`;
