/**
 * hold and take-back: the helper's side of the protocol that main/fixes/helper.ts describes. Constant text, for dash,
 * bash (3.2 of macOS, too) and BusyBox ash.
 *
 * No shell's `read` has a time limit everywhere, and bash 3.2 hears no signal while it reads. So an ear, a process of
 * its own, reads one answer and ends with a status that says which; a clock ends the ear when the time is over; and the
 * script waits for the ear, which a signal interrupts in every shell. What was learnt on a busy machine:
 * - A signal between the look at what has come and `wait` would be slept through: its trap ends the ear.
 * - What the script traps is lost on a child just forked, which has its handlers still (dash): the ear is ended by KILL,
 *   the clock by a signal that nobody uses, and by itself when the ear is gone.
 * - A trapped signal that comes while bash hears of a child's end makes it lose that end, and later signals with it (5.2,
 *   some in a thousand): the script is sent none but those that end it, and waits for nothing after one.
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

# Ends the ear $2 after $1 seconds, as long as it is there.
tick() {
  nap= seconds=$1
  trap 'kill "$nap"; exit 0' VTALRM
  while [ "$seconds" -gt 0 ]; do
    sleep 1 &
    nap=$!
    wait "$nap"
    kill -0 "$2" || exit 0
    seconds=$((seconds - 1))
  done
  kill -KILL "$2"
}

stop_listening() { [ -z "$ear" ] || kill -KILL "$ear" 2>/dev/null; }

# Waits for $1 or $2, $3 seconds; what came is in $heard: first, second, end (nobody is there any more), time.
await() {
  heard=end
  [ -z "$gone" ] || return 0
  listen "$1" "$2" &
  ear=$!
  tick "$3" "$ear" </dev/null >/dev/null 2>&1 3<&- &
  clock=$!
  [ -z "$gone" ] || stop_listening
  wait "$ear" 2>/dev/null
  case $? in
    21) heard=first ;;
    22) heard=second ;;
    137) heard=time ;;
  esac
  ear=
  kill -VTALRM "$clock" 2>/dev/null
  if [ -n "$gone" ]; then heard=end
  else wait "$clock" 2>/dev/null
  fi
}

# What a command prints, without what steers a terminal or reads as our protocol; the first lines of much.
show_output() {
  [ -n "$output" ] || return 0
  printf '%s\\n' "$output" | tr '\\001-\\010\\013-\\037\\177' '?' | sed '21,$d' 2>/dev/null
  lines=$(printf '%s\\n' "$output" | wc -l)
  [ "$lines" -le 20 ] || say "($((lines)) lines in all)"
}

# Shows the command $2, runs the function $1 and says what came of it, in $status, too.
# What it runs holds our output open: whoever hears its end hears that nothing is under way, even when we are killed.
perform() {
  say "$2"
  { output=$("$1" </dev/null 2>&1); } 4>&1
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
  trap '' HUP INT QUIT TERM
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
  [ -z "$tty" ] || stty "$tty" <&3 2>/dev/null
  [ "$left" = 0 ] || exit "$left"
  exit "$1"
}

prepare() {
  exec 3<&0 </dev/null
  gone= ear= tty= touched= failed= left=0
  trap '' PIPE TSTP TTOU
  trap 'gone=1; stop_listening' HUP INT QUIT TERM
  if [ -t 3 ] && tty=$(stty -g <&3 2>/dev/null); then stty -echo <&3; fi
}

# Who does not answer for so many seconds between two steps is not there any more.
ANSWER_SECONDS=60

hold() {
  prepare
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
      first) ;;
      second | time) give_up 10 ;;
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
    first) ;;
    second) give_up 10 ;;
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
