/** What settings must be together, beyond what each may be alone. */
import type { Settings, SettingsProblem } from '../../preload/contract-settings.ts';

/** What is wrong, beside the field that can put it right; none when all fit together. */
export function problemsOf({ thresholds, history, notifications }: Settings): SettingsProblem[] {
  const found: SettingsProblem[] = [];
  const expect = (isRight: boolean, field: string, sentence: string) => {
    if (!isRight) found.push({ field, sentence });
  };
  expect(
    thresholds.warningShare <= thresholds.criticalShare,
    'thresholds.warningShare',
    'A warning cannot begin above where critical begins.',
  );
  expect(
    thresholds.criticalSeconds <= thresholds.warningSeconds,
    'thresholds.criticalSeconds',
    'Critical cannot begin earlier than the warning.',
  );
  expect(
    history.secondsKeptHours <= history.tensKeptDays * 24,
    'history.secondsKeptHours',
    'Seconds cannot be kept for longer than steps of ten seconds.',
  );
  expect(
    history.tensKeptDays <= history.minutesKeptDays,
    'history.tensKeptDays',
    'Steps of ten seconds cannot be kept for longer than minutes.',
  );
  const quiet = notifications.quietHours;
  expect(
    quiet === null || quiet.fromMinute !== quiet.toMinute,
    'notifications.quietHours',
    'Quiet hours need an end that is not their beginning.',
  );
  return found;
}
