import { expect, test } from 'vitest';
import { parseServeArguments } from '../../../../main/hosts/web/serve-arguments.ts';
import { DEFAULT_PORT } from '../../../../main/hosts/web/server.ts';

test.each([
  [[], {}],
  [['--port', '0'], { port: 0 }],
  [['--port=8080', '--open'], { port: 8080, isOpening: true }],
  [['--metrics-token-file', 'token'], { metricsTokenFile: 'token' }],
  [['-h'], { isHelp: true }],
])('understands %j', (argv, change) => {
  const plain = { port: DEFAULT_PORT, isOpening: false, metricsTokenFile: null, isHelp: false };
  expect(parseServeArguments(argv)).toEqual({ ok: true, value: { ...plain, ...change } });
});

test.each([
  [['--port', '70000']],
  [['--port', '-1']],
  [['--port', '80x']],
  [['--port']],
  [['--host', '0.0.0.0']],
  [['--metrics-token-file']],
  [['--metrics-token-file=']],
  [['x']],
])('refuses %j and says where help is', (argv) => {
  const parsed = parseServeArguments(argv);
  expect(parsed).toMatchObject({ ok: false, failure: { code: 'invalid' } });
  if (!parsed.ok && parsed.failure.code === 'invalid')
    expect(parsed.failure.message).toMatch(/; see --help$/);
});

test.each([['-1'], ['--open']])('names the port %s instead of calling it ambiguous', (port) => {
  expect(parseServeArguments(['--port', port])).toMatchObject({
    failure: { field: '--port', message: `write a number from 0 to 65535 instead of “${port}”; see --help` },
  });
});
