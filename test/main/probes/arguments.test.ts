import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../main/core/model.ts';
import { fillArguments } from '../../../main/probes/arguments.ts';
import type { Probe, ProbeParameter } from '../../../main/probes/probe.ts';
import { parseSysctl } from '../../../main/probes/sysctl.ts';

function probe(argv: string[], ...parameters: ProbeParameter[]): Probe {
  return {
    id: 'linux.test',
    platform: 'linux',
    group: 'path',
    title: 'Test',
    tool: 'ip',
    argv,
    parameters,
    proves: '',
    needs: null,
    figures: [],
    parse: parseSysctl,
  };
}
const pid = { name: 'pid', type: 'pid', label: 'Process', preset: null } as const;
const port = { name: 'port', type: 'port', label: 'Port', preset: '443' } as const;
const address = { name: 'address', type: 'address', label: 'Destination', preset: null } as const;

const why = (outcome: Outcome<string[]>) =>
  outcome.ok || outcome.failure.code !== 'invalid' ? null : outcome.failure.message;

describe('fillArguments', () => {
  it('leaves the arguments of a probe without parameters as they are', () => {
    expect(fillArguments(probe(['-tan', '{literal}']), [])).toEqual({
      ok: true,
      value: ['-tan', '{literal}'],
    });
  });

  it('puts values in their places: whole, after “=”, in a path; a preset where none is given', () => {
    const all = probe(['route', '{address}', 'sport=:{port}', '/proc/{pid}/fd'], pid, port, address);
    const values = [
      { name: 'address', value: '2001:DB8:0::1' },
      { name: 'pid', value: '4312' },
    ];
    expect(fillArguments(all, values)).toEqual({
      ok: true,
      value: ['route', '2001:db8::1', 'sport=:443', '/proc/4312/fd'],
    });
  });

  it.each([
    ['pid', '0'],
    ['pid', '-1'],
    ['pid', '1/../2'],
    ['pid', 'self'],
    ['pid', '1\u0000'],
    ['pid', '99999999999'],
    ['port', '65536'],
    ['port', '0443'],
    ['port', '1e3'],
    ['address', '-6'],
    ['address', 'example.org'],
    ['address', '10.0.0.1;id'],
    ['address', '10.0.0.1\n'],
    ['address', 'fe80::1%-x'],
    ['address', ''],
  ])('C2: refuses %s “%s”', (name, value) => {
    const parameter = { pid, port, address }[name] ?? pid;
    expect(fillArguments(probe([`{${name}}`], parameter), [{ name, value }])).toMatchObject({
      ok: false,
      failure: { code: 'invalid', field: name },
    });
  });

  it('C2: refuses an unknown parameter, one given twice and one that is missing', () => {
    expect(why(fillArguments(probe([]), [{ name: '__proto__', value: '1' }]))).toBe(
      'Test takes no parameter of that name',
    );
    const twice = [
      { name: 'port', value: '1' },
      { name: 'port', value: '2' },
    ];
    expect(why(fillArguments(probe(['{port}'], port), twice))).toBe('port is given twice');
    expect(why(fillArguments(probe(['{pid}'], pid), []))).toBe('Process is needed: the number of a process');
  });

  it('C2: whatever is given, no argument becomes an option or holds a control character', () => {
    const filler = probe(['{pid}', '{port}', '{address}'], pid, port, address);
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.ipV4(), fc.ipV6(), fc.nat().map(String));
    fc.assert(
      fc.property(text, text, text, (first, second, third) => {
        const filled = fillArguments(filler, [
          { name: 'pid', value: first },
          { name: 'port', value: second },
          { name: 'address', value: third },
        ]);
        if (filled.ok)
          for (const argument of filled.value)
            expect(argument).toMatch(/^[0-9a-f][0-9a-f.:%]*$|^:[0-9a-f.:%]*$/);
      }),
    );
  });
});
