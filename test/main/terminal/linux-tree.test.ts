import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leashComplaint, findLeash } from '../../../main/terminal/systems/linux-leash.ts';
import { parseProcessStat } from '../../../main/terminal/systems/linux-tree.ts';

const TAIL = 'S 10 42 42 34816 42 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 8192 1 18446744073709551615';

test('T3: a hostile process name cannot forge the fields after it', () => {
  const expected = { pid: 43, state: 'S', parent: 10, group: 42, session: 42, startTicks: 987654 };
  for (const name of ['sh', 'a b', ') R 1 1 1 (', '((', 'x) S 1 1 1 0 (y)', '\n']) {
    expect(parseProcessStat(`43 (${name}) ${TAIL}\n`)).toEqual(expected);
  }
});

test('what is no such line is nothing, and never thrown over', () => {
  for (const text of ['', '43', '43 (sh)', '43 (sh) S', '43 (sh) S a b c', `x (sh) ${TAIL}`]) {
    expect(parseProcessStat(text)).toBeNull();
  }
  fc.assert(fc.property(fc.string(), (text) => void parseProcessStat(text)));
});

test.skipIf(process.platform !== 'linux')('reads this very process', () => {
  const stat = parseProcessStat(readFileSync('/proc/self/stat', 'latin1'));
  expect(stat).toMatchObject({ pid: process.pid, parent: process.ppid });
});

test('a leash that is not there, or does not know the option, is none', async () => {
  expect(await findLeash(['/nowhere/setpriv'])).toEqual([]);
  expect(await findLeash(['/bin/false'])).toEqual([]);
});

test('only setpriv’s own complaint is taken for a refusal', () => {
  const said = 'setpriv: failed to execute /usr/bin/ss: Exec format error\n';
  expect(leashComplaint(126, said)).toBe('Exec format error');
  expect(leashComplaint(127, said.replace('\n', '\r\n'))).toBe('Exec format error');
  expect(leashComplaint(1, said)).toBeNull();
  expect(leashComplaint(127, `more\n${said}`)).toBeNull();
  expect(leashComplaint(127, `${said}more\n`)).toBeNull();
});
