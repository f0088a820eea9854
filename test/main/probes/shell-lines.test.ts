import { expect, it } from 'vitest';
import { commandOnLine } from '../../../main/probes/shell-lines.ts';

it.each<[string, string[] | null]>([
  ['root@web:~# ss -tan state time-wait', ['ss', '-tan', 'state', 'time-wait']],
  ['$ sudo -n /usr/bin/ss -s', ['ss', '-s']],
  ['[me@web ~]$ netstat -tanp ', ['netstat', '-tanp']],
  ['C:\\Users\\me> netstat.exe -ano', ['netstat', '-ano']],
  ['lsof -nP -iTCP', ['lsof', '-nP', '-iTCP']],
  ['ss', ['ss']],
  ['$ ssh web', null],
  ['ESTAB 0 0 10.0.0.1:1 10.0.0.2:2', null],
  ['', null],
  [`# ss ${'x'.repeat(1_000_000)}`, null],
])('reads the command on %j', (line, expected) => {
  expect(commandOnLine(line)).toEqual(expected);
});
