/** A plan as a POSIX sh script. Words come from quoteForSh alone; comments carry no text of the machine. */
import type { Plan } from './model.ts';
import { quoteForSh as q } from './quote.ts';
import { HELPER_MODES } from './script-sh-helper.ts';
import { FILES, SAYING, settingsOf } from './script-sh-library.ts';
import { PERSON_MODES } from './script-sh-person.ts';
import { stepFunctions } from './script-sh-steps.ts';

/**
 * The script as a whole: what a person takes along, and what the helper runs (main/fixes/helper.ts). It does nothing
 * until it is told what.
 */
export function shScript(plan: Plan): string {
  const numbers = plan.steps.map((_, index) => String(index + 1));
  return `${head(plan)}
${SAYING}
${FILES}
${settingsOf(plan.system)}
${plan.steps.map((step, index) => stepFunctions(step, index + 1, plan.system)).join('\n')}
STEPS=${q(numbers.join(' '))}
BACKWARDS=${q([...numbers].reverse().join(' '))}

${PERSON_MODES}
${HELPER_MODES}
${START}`;
}

function head({ title, fixId, system }: Plan): string {
  // NixOS has its programs in the last folder alone; root owns it, too.
  const path = `/usr/sbin:/usr/bin:/sbin:/bin${system === 'linux' ? ':/run/current-system/sw/bin' : ''}`;
  return `#!/bin/sh
# Fourtuple: ${title} (${fixId})
#
#   sh FILE check   say how each setting is; changes nothing
#   sh FILE apply   change them, if each is still as it was when this was made
#   sh FILE undo    put them back, if each is still as "apply" left it
#
# Ends with 0 done, 1 failed and taken back, 2 refused and nothing changed, 3 something is left as it was found.
# Fourtuple itself says "hold SECONDS" or "take-back", and speaks with it meanwhile (see there).
set -u
umask 022
LC_ALL=C
PATH=${path}
export LC_ALL PATH
`;
}

const START = `case "\${1-}" in
  check) check ;;
  apply) apply ;;
  undo) undo ;;
  hold)
    case "\${2-}" in
      '' | *[!0-9]* | 0?* | ??????*) complain 'Say for how many seconds.'; exit 2 ;;
    esac
    hold "$2"
    ;;
  take-back) take_all_back ;;
  *) complain 'Say what to do: sh FILE check, sh FILE apply, or sh FILE undo.'; exit 2 ;;
esac
`;
