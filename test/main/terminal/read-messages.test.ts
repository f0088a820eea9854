import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FromTerminal, ToTerminal } from '../../../main/terminal/protocol.ts';
import { readFromTerminal, readToTerminal } from '../../../main/terminal/read-messages.ts';

const TO: ToTerminal[] = [
  {
    type: 'run',
    id: 0,
    request: {
      tool: 'ss',
      argv: ['-tan'],
      way: 'visible',
      limits: { timeoutMs: 5000 },
      columns: 80,
      rows: 24,
      onParentDeath: 'hang-up',
    },
  },
  { type: 'cancel', id: 1 },
  { type: 'write', id: 1, data: 'aGk=' },
  { type: 'resize', id: 1, columns: 80, rows: 24 },
  { type: 'stop' },
];
const RESULT = {
  tool: 'ss',
  argv: ['-tan'],
  program: '/usr/bin/ss',
  way: 'quiet' as const,
  note: null,
  startedAtMs: 1,
  tookMs: 2,
  end: 'exited' as const,
  exitCode: 0,
  signal: null,
  truncated: false,
  survivors: [],
  stdoutBytes: 3,
  stderrBytes: 0,
};
const FROM: FromTerminal[] = [
  { type: 'ready', pid: 4 },
  { type: 'beat' },
  { type: 'output', id: 1, stream: 'err', data: 'aGk=' },
  { type: 'ended', id: 1, result: RESULT },
  { type: 'refused', id: 1, failure: { code: 'tool-missing', tool: 'ss', hint: 'it is in a package' } },
];

test.each(TO.map((message) => [message.type, message] as const))(
  '%s reads as it was sent',
  (_type, message) => {
    expect(readToTerminal(JSON.parse(JSON.stringify(message)))).toEqual(message);
  },
);

test.each(FROM.map((message) => [message.type, message] as const))(
  '%s reads as it was told',
  (_type, message) => {
    expect(readFromTerminal(JSON.parse(JSON.stringify(message)))).toEqual(message);
  },
);

test('what has a wrong field is nothing', () => {
  for (const raw of [
    { type: 'cancel', id: 1.5 },
    { type: 'write', id: 1, data: 'not base64!' },
    { type: 'write', id: 1, data: 'A'.repeat(200_000) },
    { type: 'resize', id: 1, columns: 0, rows: 24 },
    { type: 'resize', id: 1, columns: 80 },
  ]) {
    expect(readToTerminal(raw)).toBeNull();
  }
  for (const raw of [
    { type: 'ready' },
    { type: 'output', id: 1, stream: 'both', data: '' },
    { type: 'output', id: 1, stream: 'out', data: 'A'.repeat(50_000) },
    { type: 'refused', id: 1, failure: { code: 'made up' } },
    { type: 'ended', id: 1, result: { ...RESULT, end: 'well' } },
    { type: 'ended', id: 1, result: { ...RESULT, survivors: ['1'] } },
    { type: 'ended', id: 1, result: { ...RESULT, stdoutBytes: -1 } },
  ]) {
    expect(readFromTerminal(raw)).toBeNull();
  }
});

test('a run that may not be asked for is refused by the field that is wrong', () => {
  const plain = { tool: 'sh', argv: ['-c', 'x'], way: 'visible' };
  const refusalOf = (change: object) =>
    readToTerminal({ type: 'run', id: 1, request: { ...plain, ...change } });
  expect(refusalOf({})).toMatchObject({ type: 'run' });
  for (const [field, value] of [
    ['onParentDeath', 'live on'],
    ['argv', ['x'.repeat(113 * 1024)]],
    ['argv', ['ü'.repeat(57 * 1024)]],
    ['argv', ['a\0']],
    ['way', 'secretly'],
  ] as const) {
    expect(refusalOf({ [field]: value })).toMatchObject({
      type: 'refused',
      failure: { code: 'invalid', field },
    });
  }
});

test('no value whatever is thrown over', () => {
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom('run', 'write', 'output', 'ended', 'refused'), (raw, type) => {
      readToTerminal(raw);
      readFromTerminal(raw);
      const like = { type, id: 1, request: raw, data: raw, result: raw, failure: raw };
      readToTerminal(like);
      readFromTerminal(like);
    }),
  );
});
