import { expect, test } from 'vitest';
import { parseCheckOptions } from '../../../main/commands/check-options.ts';

test.each([
  [['--for', '-1'], '--for takes a number from 0 to 60, not "-1"'],
  [['--for=-1'], '--for takes a number from 0 to 60, not "-1"'],
  [['--for', '--json'], '--for takes a number from 0 to 60, not "--json"'],
  [['--json', '--pools', '-5', '--watch'], '--pools takes a number from 1 to 1000, not "-5"'],
  [['--watch', '--every', '-.5'], '--every takes a number from 0.2 to 10, not "-.5"'],
  [['--watch', '--every=60'], '--every takes a number from 0.2 to 10, not "60"'],
  [['--watch', '--for', '0'], '--for takes a number from 1 to 604800, not "0"'],
  [['--every', '2'], '--every is the pace of --watch'],
  [
    ['--watch', '--prometheus'],
    '--prometheus prints once; to be scraped use fourtuple serve --metrics-token-file',
  ],
  [['--prometheus', '--json'], '--prometheus and --json are two formats: choose one'],
  [['--prometheus', '-v'], '--prometheus has figures alone: --verbose adds nothing'],
  [['--prometheus', '--from', 'a'], '--prometheus is for this machine, not for files'],
])('refuses %j in words', (argv, message) => {
  expect(parseCheckOptions(argv)).toMatchObject({ ok: false, failure: { code: 'invalid', message } });
});

test('understands values beside other options', () => {
  expect(parseCheckOptions(['--for', '0', '--json', '--pools=3'])).toMatchObject({
    ok: true,
    value: { forSeconds: 0, json: true, poolLimit: 3 },
  });
});

test('takes the seconds of --for for a measurement, and with --watch for the length of the watch', () => {
  const of = (...argv: string[]) => parseCheckOptions(argv);
  expect(of('--for', '5')).toMatchObject({ ok: true, value: { forSeconds: 5, watchSeconds: null } });
  expect(of()).toMatchObject({ ok: true, value: { forSeconds: 1, watchSeconds: null } });
  expect(of('--watch')).toMatchObject({ ok: true, value: { watchSeconds: null, everySeconds: 1 } });
  expect(of('--watch', '--for', '3600')).toMatchObject({ ok: true, value: { watchSeconds: 3600 } });
});
