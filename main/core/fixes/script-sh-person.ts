/** check, apply and undo: what a person runs who takes the script along. Constant text. */
export const PERSON_MODES = `check() {
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
    if apply_"$n" >/dev/null && { is_action_"$n" || is_after_"$n"; }; then say "$title: done"; continue; fi
    complain "$title could not be changed; taking back what was."
    failed=1
    for m in $done_steps; do
      if is_action_"$m"; then continue; fi
      is_before_"$m" || undo_"$m" >/dev/null
      is_before_"$m" || { complain 'One of them could not be taken back.'; failed=3; }
    done
    return "$failed"
  done
}

undo() {
  left=0
  for n in $BACKWARDS; do
    eval "title=\\$title_$n note=\\$note_$n"
    if is_action_"$n"; then [ -z "$note" ] || complain "$note"
    elif is_before_"$n" || is_gone_"$n"; then continue
    elif ! is_after_"$n"; then complain "$title was changed by someone else and is left alone: $(show_"$n")"; left=3
    elif undo_"$n" >/dev/null; is_before_"$n"; then say "$title: as before"
    else complain "$title could not be put back."; left=3
    fi
  done
  return "$left"
}
`;
