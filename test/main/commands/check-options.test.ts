import { expect, test } from 'vitest';
import { parseCheckOptions } from '../../../main/commands/check-options.ts';

test.each([
  [['--for', '-1'], '--for takes a number from 0 to 60, not "-1"'],
  [['--for=-1'], '--for takes a number from 0 to 60, not "-1"'],
  [['--for', '--json'], '--for takes a number from 0 to 60, not "--json"'],
  [['--json', '--pools', '-5', '--watch'], '--pools takes a number from 1 to 1000, not "-5"'],
  [['--every', '-.5'], '--every takes a number from 0.2 to 3600, not "-.5"'],
])('refuses %j in words', (argv, message) => {
  expect(parseCheckOptions(argv)).toMatchObject({ ok: false, failure: { code: 'invalid', message } });
});

test('understands values beside other options', () => {
  expect(parseCheckOptions(['--for', '0', '--json', '--pools=3'])).toMatchObject({
    ok: true,
    value: { forSeconds: 0, json: true, poolLimit: 3 },
  });
});
