import { describe, expect, test } from 'vitest';
import type { HelperEnd, RightsWay } from '../../../main/fixes/helper.ts';
import { chooseRights, sayHelperEnd, type FindTool } from '../../../main/fixes/rights.ts';

const having =
  (...tools: string[]): FindTool =>
  (tool) =>
    tools.includes(tool)
      ? { ok: true, value: `/usr/bin/${tool}` }
      : { ok: false, failure: { code: 'tool-missing', tool, hint: 'it is in a package' } };

describe('the way of the rights', () => {
  test.each([
    ['linux', true, [], 'none'],
    ['linux', false, ['pkexec', 'doas', 'sudo'], 'sudo'],
    ['linux', false, ['pkexec', 'doas'], 'doas'],
    ['linux', false, ['pkexec'], 'pkexec'],
    ['linux', false, [], 'missing'],
    ['freebsd', false, ['doas'], 'doas'],
    ['darwin', false, ['sudo', 'osascript'], 'sudo'],
    ['darwin', false, ['osascript'], 'osascript'],
    ['win32', false, ['powershell'], 'uac'],
    ['win32', true, ['powershell'], 'none'],
    ['win32', false, [], 'missing'],
  ] as const)('on %s, elevated %s, with %j is %s', (platform, isElevated, tools, way) => {
    const rights = chooseRights(platform, isElevated, having(...tools));
    expect(rights.way).toBe(way);
    expect(rights.obstacle === null).toBe(way !== 'missing');
    expect(rights.sentence).toMatch(/^[A-Z].*\.$|^(sudo|doas|powershell) .*\.$/);
  });

  test('F10: without any, says what to do', () => {
    expect(chooseRights('linux', false, having()).obstacle).toBe(
      'Neither sudo, doas nor pkexec can be used here, so the rights cannot be had from here: save the script and run it as administrator.',
    );
  });
});

const exited = (exitCode: number): HelperEnd => ({ kind: 'exited', exitCode });

/** F10: one line a case: way, end, what was printed, what is said. */
const DENIED: readonly [RightsWay, HelperEnd, string, RegExp][] = [
  [
    'sudo',
    exited(1),
    'Sorry, try again.\nsudo: 3 incorrect password attempts',
    /^The password was wrong too often\./,
  ],
  ['sudo', exited(1), 'ada is not in the sudoers file.', /^This account may not use sudo for it\./],
  ['sudo', exited(1), "Sorry, user ada is not allowed to execute '/bin/sh' as root", /^This account may not/],
  ['sudo', exited(1), 'sudo: The "no new privileges" flag is set', /^sudo cannot give rights here/],
  ['sudo', exited(1), 'sudo: a password is required', /^sudo got no password\./],
  ['sudo', exited(1), '', /^sudo did not give the rights: .* or this account may not use sudo\./],
  ['sudo', exited(130), '', /^sudo ended with 130 before anything began\./],
  ['doas', exited(1), 'doas: Operation not permitted', /^doas did not give the rights/],
  ['pkexec', exited(126), '', /^The window that asks for a password was dismissed\./],
  ['pkexec', exited(126), 'Error executing command as another user: Not authorized', /^polkit does not give/],
  ['pkexec', exited(127), '', /^Nothing on this desktop can ask for a password/],
  ['uac', exited(126), '', /^The question of User Account Control was dismissed\./],
  ['osascript', exited(126), '', /^The window that asks for a password was dismissed\./],
  ['osascript', exited(127), '', /^osascript ended with 127/],
  ['none', exited(127), '', /^The shell ended with 127/],
  [
    'sudo',
    { kind: 'signalled', signal: 'SIGKILL' },
    '',
    /^The helper was ended \(SIGKILL\) before it had the rights\./,
  ],
  [
    'sudo',
    {
      kind: 'failed',
      failure: { code: 'tool-missing', tool: 'sudo', hint: 'sudo is in the package of that name' },
    },
    '',
    /^sudo is not installed here\./,
  ],
];

describe('F10: a helper that had no rights', () => {
  test.each(DENIED)('%s %j after "%s"', (way, end, printed, sentence) => {
    const said = sayHelperEnd(way, end, false, printed);
    expect(said).toMatch(sentence);
    expect(said).toContain('Nothing was changed.');
    expect(said).toMatch(/\.$/);
  });
});

test.each([
  [exited(137), 'The helper ended in an unexpected way (exit status 137).'],
  [
    { kind: 'signalled', signal: 'SIGKILL' },
    'The helper was killed (SIGKILL) before it could put anything back.',
  ],
  [
    { kind: 'failed', failure: { code: 'gone', what: 'the terminal' } },
    'The terminal is no longer there. Try again.',
  ],
] as const)('a helper that is lost says that values may be changed: %j', (end, what) => {
  expect(sayHelperEnd('sudo', end, true)).toBe(
    `${what} What it had changed may be in force still: the journal shows it and takes it back.`,
  );
});
