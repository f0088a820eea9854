import { describe, expect, it } from 'vitest';
import { WINDOWS_MISLEADING_PROBES } from '../../../../main/probes/windows/misleading.ts';
import { readFixtureText } from '../../../support/fixtures.ts';

const own = (path: string) => readFixtureText(`windows/${path}/stdout`);

function prints(command: string, output: string): string {
  const probe = WINDOWS_MISLEADING_PROBES.find(({ folklore }) => folklore?.command === command);
  if (!probe?.folklore) throw new Error(`no such command: ${command}`);
  return probe.folklore.reduce(output);
}

describe('misleading commands of Windows', () => {
  it('counts TIME_WAIT rows of English output, those of the server side too, and none of German', () => {
    expect(prints('netstat -ano | find "TIME_WAIT" /c', own('netstat/ano-en'))).toBe('3');
    expect(prints('netstat -ano | find "TIME_WAIT" | find /c "TCP"', own('netstat/ano-en'))).toBe('3');
    expect(prints('netstat -ano | find "TIME_WAIT" /c', own('netstat/ano-de-damaged'))).toBe('0');
  });

  it('counts rows with a colon, listeners and UDP included', () => {
    expect(prints('netstat -an | find /c ":"', own('netstat/ano-en'))).toBe('12');
    expect(prints('netstat -an | find /c "ESTABLISHED"', own('netstat/ano-en'))).toBe('1');
  });

  it('prints what netsh and reg print, and nothing where the value is not set', () => {
    expect(prints('netsh int ipv4 show dynamicport tcp', own('netsh-dynamicport/en'))).toContain(
      'Number of Ports : 16384',
    );
    const query =
      'reg query HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters | find "MaxUserPort"';
    expect(prints(query, own('reg-query/xp'))).toBe('MaxUserPort\tREG_DWORD\t0x1388');
    expect(prints(query, own('reg-query/key'))).toBe('');
  });

  it('counts the rows of Get-NetTCPConnection', () => {
    expect(prints('(Get-NetTCPConnection).Count', own('get-nettcpconnection/csv-unquoted'))).toBe('3');
    expect(prints('(Get-NetTCPConnection).Count', '')).toBe('0');
  });

  it('each runs its tool with a fixed argv, says what it is taken for, and names a figure instead', () => {
    for (const { id, group, tool, argv, parameters, folklore } of WINDOWS_MISLEADING_PROBES) {
      expect([id, group, parameters]).toEqual([id, 'misleading', []]);
      if (tool !== 'powershell') expect(argv.join(' ')).not.toMatch(/[|<>&]/);
      expect(folklore?.why).toMatch(/^[A-Z].*\.$/);
      expect(folklore?.takenFor).toMatch(/^[a-z]/);
    }
  });
});
