/**
 * hold and take-back: the helper's side of the protocol that main/fixes/helper.ts describes. Constant text, for dash,
 * bash (3.2 of macOS, too) and BusyBox ash.
 *
 * No shell's `read` has a time limit everywhere, and bash 3.2 hears no signal while it reads. So an ear, a process of
 * its own, reads one answer and ends with what it was, and the script waits for the ear: `wait` is interrupted by a
 * signal in every shell. A signal that comes just before `wait` ends the ear, so none is slept through. It is ended by
 * KILL: what a script traps, and in bash more, is lost on a child just forked, which has its parent's handlers still.
 *
 * A clock, one for the whole run, sends ALRM each second, and the script counts. Before that it looks whether the
 * script is there: it must not wake one that was given its number after it had been killed.
 */
export const HELPER_MODES = `tell() { printf '\\036%s\\n' "$*" 2>/dev/null; }

# Reads until one of our answers comes: $1 ends it with 21, $2 with 22; 24 when nobody is there any more.
# What else a person types is not for us; Ctrl-D on a terminal is no end.
listen() {
  while :; do
    if IFS= read -r line <&3; then
      case $line in
        "$1") exit 21 ;;
        "$2") exit 22 ;;
      esac
    elif [ -t 3 ]; then sleep 1
    else exit 24
    fi
  done
}

# Wakes the script each second, for as long as it is there.
tick() {
  nap=
  trap 'kill "$nap"; exit 0' USR1
  while :; do
    sleep 1 &
    nap=$!
    wait "$nap"
    kill -0 "$$" && kill -ALRM "$$" || exit 0
  done
}

count() {
  ticks=$((ticks - 1))
  if [ "$ticks" -le 0 ] && [ -n "$ear" ]; then is_over=1; stop_listening; fi
}

stop_listening() { [ -z "$ear" ] || kill -KILL "$ear" 2>/dev/null; }

# Waits for $1 or $2, at least $3 seconds; which it was is in $heard: 21, 22, 24 nobody, 25 the time is over.
await() {
  is_over=
  ticks=$(($3 + 1))
  listen "$1" "$2" &
  ear=$!
  [ -z "$gone" ] || stop_listening
  while
    wait "$ear" 2>/dev/null
    heard=$?
    # Above 128 it was a signal that ended the waiting.
    [ "$heard" -gt 128 ] && [ -z "$gone$is_over" ]
  do :; done
  if [ -n "$gone$is_over" ]; then
    wait "$ear" 2>/dev/null
    heard=25
    [ -z "$gone" ] || heard=24
  fi
  ear=
}

# Should the clock not hear it, waiting for it ends with its next tick, and it with the script.
stop_clock() {
  [ -n "$clock" ] || return 0
  kill -USR1 "$clock" 2>/dev/null
  wait "$clock" 2>/dev/null
  clock=
}

# What a command prints, without what steers a terminal or reads as our protocol; the first lines of much.
show_output() {
  [ -n "$output" ] || return 0
  printf '%s\\n' "$output" | tr '\\001-\\010\\013-\\037\\177' '?' | sed '21,$d' 2>/dev/null
  lines=$(printf '%s\\n' "$output" | wc -l)
  [ "$lines" -le 20 ] || say "($((lines)) lines in all)"
}

# Shows the command $2, runs the function $1 and says what came of it, in $status, too.
perform() {
  say "$2"
  output=$("$1" </dev/null 2>&1)
  status=$?
  show_output 2>/dev/null
  say "exit $status"
}

read_back() {
  if is_action_"$1"; then return 0; fi
  output=$(show_"$1" 2>&1)
  case $output in
    *'
'*) if is_after_"$1" || is_before_"$1"; then output='as intended'; fi ;;
    '') output='empty' ;;
  esac
  output="read back: $output"
  show_output 2>/dev/null
}

# Puts back what was touched, last first. From here on no signal stops it. $left is 3 when something stays.
take_back() {
  stop_clock
  trap '' HUP INT QUIT TERM ALRM
  for n in $touched; do
    eval "title=\\$title_$n shown=\\$shown_undo_$n note=\\$note_$n"
    if is_action_"$n"; then
      [ -z "$note" ] || say "$note"
      continue
    fi
    if ! is_before_"$n" && ! is_gone_"$n"; then
      if is_after_"$n" || [ "$n" = "$failed" ]; then
        perform undo_"$n" "$shown"
        read_back "$n"
        if ! is_before_"$n"; then
          say "$title could not be put back."
          tell left "$n"
          left=3
          continue
        fi
      else
        say "$title was changed by someone else and is left alone:"
        read_back "$n"
        tell left "$n"
        left=3
        continue
      fi
    fi
    tell undone "$n"
  done
}

# Ends with $1, or with 3 when something was left.
leave() {
  stop_clock
  [ -z "$tty" ] || stty "$tty" <&3 2>/dev/null
  [ "$left" = 0 ] || exit "$left"
  exit "$1"
}

prepare() {
  exec 3<&0 </dev/null
  gone= is_over= ear= clock= ticks=0 tty= touched= failed= left=0
  trap '' PIPE TSTP TTOU
  trap 'gone=1; stop_listening' HUP INT QUIT TERM
  trap count ALRM
  if [ -t 3 ] && tty=$(stty -g <&3 2>/dev/null); then stty -echo <&3; fi
}

# Who does not answer for so many seconds between two steps is not there any more.
ANSWER_SECONDS=60

hold() {
  prepare
  tick </dev/null >/dev/null 2>&1 3<&- &
  clock=$!
  for n in $STEPS; do
    if is_before_"$n" || is_after_"$n"; then continue; fi
    eval "title=\\$title_$n"
    say "$title has changed since this was planned:"
    read_back "$n"
    say 'Refused; nothing was changed.'
    tell refused "$n"
    leave 2
  done
  tell ready
  for n in $STEPS; do carry_out "$n"; done
  if [ -n "$gone" ]; then give_up 4; fi
  if [ "$1" -gt 0 ]; then
    tell holding
    await keep undo "$1"
    case $heard in
      21) ;;
      22 | 25) give_up 10 ;;
      *) give_up 4 ;;
    esac
  fi
  tell kept
  leave 0
}

carry_out() {
  if is_after_"$1"; then
    touched="$1 $touched"
    tell done "$1"
    return
  fi
  tell begin "$1"
  await "go $1" undo "$ANSWER_SECONDS"
  case $heard in
    21) ;;
    22) give_up 10 ;;
    *) give_up 4 ;;
  esac
  eval "title=\\$title_$1 shown=\\$shown_apply_$1"
  is_before_"$1" || refuse_late "$1"
  touched="$1 $touched"
  perform apply_"$1" "$shown"
  read_back "$1"
  if [ "$status" = 0 ] && { is_action_"$1" || is_after_"$1"; }; then
    tell done "$1"
    return
  fi
  failed=$1
  say "$title could not be changed; taking back what was."
  tell failed "$1" "$status"
  give_up 1
}

# Somebody changed it since the first look: it is not overwritten.
refuse_late() {
  say "$title has changed meanwhile:"
  read_back "$1"
  if [ -z "$touched" ]; then
    say 'Refused; nothing was changed.'
    tell refused "$1"
    leave 2
  fi
  tell failed "$1" 0
  give_up 1
}

give_up() {
  take_back
  leave "$1"
}

take_all_back() {
  prepare
  tell ready
  touched=$BACKWARDS
  give_up 0
}
`;
