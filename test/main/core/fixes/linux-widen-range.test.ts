import { describe, expect, test } from 'vitest';
import { linuxWidenRange } from '../../../../main/core/fixes/linux/widen-range.ts';
import type { FixParameters, PlanInput } from '../../../../main/core/fixes/model.ts';
import { anInput, aState, summaryFor, tcp, udp } from '../../../support/fixes.ts';

const WHOLE = { first: 1024, last: 65535 };
const RANGE = 'net.ipv4.ip_local_port_range';
const RESERVED = 'net.ipv4.ip_local_reserved_ports';

function plan(input: PlanInput) {
  const { refused, steps, effect, warnings, checked } = linuxWidenRange.plan(input);
  const changes = steps.map(({ title, current, proposed }) => [
    title,
    current.kind === 'value' ? current.text : current.kind,
    proposed.kind === 'value' ? proposed.text : proposed.kind,
  ]);
  return { refused, steps, changes, effect, warnings, checked };
}

const USUAL =
  '10250,10255-10257,10259,11211,11434,15432,15672,15692,16379,16686,19999,24224,25672,26257,26379,27017-27019,28015';

describe('widening the port range of Linux', () => {
  test('proposes 10240–65535 and keeps usual services clear, reserving before it widens', () => {
    const { changes, refused } = plan(anInput(aState('linux')));
    expect(refused).toBeNull();
    expect(changes).toEqual([
      [RESERVED, '', USUAL],
      [RANGE, '32768 60999', '10240 65535'],
    ]);
  });

  test('says the exact commands and what takes them back', () => {
    const { steps } = plan(
      anInput(aState('linux'), { range: WHOLE, reserve: [{ first: 8080, last: 8080 }] }),
    );
    expect(steps.map(({ apply, undo }) => [apply, undo])).toEqual([
      [
        { kind: 'run', argv: ['sysctl', '-w', `${RESERVED}=8080`] },
        { kind: 'run', argv: ['sysctl', '-w', `${RESERVED}=`] },
      ],
      [
        { kind: 'run', argv: ['sysctl', '-w', `${RANGE}=1024 65535`] },
        { kind: 'run', argv: ['sysctl', '-w', `${RANGE}=32768 60999`] },
      ],
    ]);
  });

  test.each([
    ['a TCP listener', { tcpPorts: [tcp(8080, 'order-api')] }, '8080 (order-api)', '8080'],
    ['a UDP bind', { udpPorts: [udp(5353)] }, '5353 UDP', '5353'],
    [
      'several, neighbours as a range',
      { tcpPorts: [tcp(9100), tcp(9101), tcp(8080, 'order-api')] },
      '8080 (order-api), 9100, 9101',
      '8080,9100-9101',
    ],
  ])('F7: refuses a range over %s and offers the same with it reserved', (_what, change, named, list) => {
    const state = aState('linux', change);
    const { refused } = plan(anInput(state, { range: WHOLE }));
    expect(refused?.reason).toContain(named);
    expect(refused?.offerOptions).toBe(`--range 1024-65535 --reserve ${list}`);
    const offered = plan(anInput(state, refused?.offer as FixParameters));
    expect(offered.refused).toBeNull();
    expect(offered.changes).toEqual([
      [RESERVED, '', list],
      [RANGE, '32768 60999', '1024 65535'],
    ]);
  });

  test('F7: never loses a reservation that is there', () => {
    const state = aState('linux', {
      values: { [RESERVED]: '35000-35999,50051' },
      tcpPorts: [tcp(8080), tcp(35500)],
    });
    const { changes } = plan(anInput(state, { range: WHOLE, reserve: 'found' }));
    expect(changes[0]).toEqual([RESERVED, '35000-35999,50051', '8080,35000-35999,50051']);
  });

  test('F7: leaves alone what listens in the present part or is reserved already', () => {
    const state = aState('linux', { values: { [RESERVED]: '8080' }, tcpPorts: [tcp(8080), tcp(40000)] });
    const { refused, changes } = plan(anInput(state, { range: WHOLE }));
    expect(refused).toBeNull();
    expect(changes).toEqual([[RANGE, '32768 60999', '1024 65535']]);
  });

  test('reserves what was found and nothing else with the word found', () => {
    const state = aState('linux', { tcpPorts: [tcp(12000)] });
    expect(plan(anInput(state, { reserve: 'found' })).changes[0]).toEqual([RESERVED, '', '12000']);
  });

  test('reserves the node ports on a node of Kubernetes, where no socket shows them', () => {
    const state = aState('linux', { tcpPorts: [tcp(10250, 'kubelet')] });
    expect(plan(anInput(state)).changes[0]?.[2]).toContain('30000-32767');
  });

  test.each([
    [{ first: 1023, last: 60999 }, '1024', 'first port 1023 is below ip_unprivileged_port_start (1024)'],
    [{ first: 1024, last: 60999 }, '2048', 'first port 1024 is below ip_unprivileged_port_start (2048)'],
    [{ first: 40000, last: 39999 }, '1024', 'first port 40000 is above last port 39999'],
    [{ first: 40000, last: 70000 }, '1024', 'last port must be a whole number from 0 to 65535'],
  ])('F2: refuses %o while ip_unprivileged_port_start is %s', (range, start, why) => {
    const state = aState('linux', { values: { 'net.ipv4.ip_unprivileged_port_start': start } });
    const { refused, steps } = plan(anInput(state, { range }));
    expect(refused?.reason).toContain(why);
    expect(steps).toEqual([]);
  });

  test('proposes no range below ip_unprivileged_port_start', () => {
    const state = aState('linux', { values: { 'net.ipv4.ip_unprivileged_port_start': '20001' } });
    expect(plan(anInput(state)).changes.at(-1)).toEqual([RANGE, '32768 60999', '20002 65535']);
  });

  test('refuses a range that gives no more ports', () => {
    expect(plan(anInput(aState('linux'), { range: { first: 40000, last: 50000 } })).refused?.reason).toBe(
      'The range 40000–50000 would give 10,001 ports, no more than the 28,232 of now.',
    );
  });

  test('refuses when the range is as wide as it should be', () => {
    const state = aState('linux', { values: { [RANGE]: '1024 65535' } });
    expect(plan(anInput(state)).refused).not.toBeNull();
  });

  test('refuses when the present value is not known: it could not be put back', () => {
    const unknown = { kind: 'unknown', why: 'this user may not read it' } as const;
    for (const key of [RANGE, RESERVED]) {
      expect(plan(anInput(aState('linux', { values: { [key]: unknown } }))).refused?.reason).toContain(key);
    }
  });

  test('refuses a list of reservations that one write cannot hold', () => {
    const reserve = Array.from({ length: 1200 }, (_, index) => ({
      first: 1024 + 2 * index,
      last: 1024 + 2 * index,
    }));
    expect(plan(anInput(aState('linux'), { range: WHOLE, reserve })).refused?.reason).toContain('too long');
  });

  test('says what it could not look at', () => {
    const { warnings } = plan(anInput(aState('linux', { tcpPorts: null, udpPorts: null })));
    expect(warnings.join(' ')).toContain('Which TCP ports services listen on is not known');
    expect(warnings.join(' ')).toContain('Which UDP ports services use is not known');
  });

  test('predicts capacity exactly: the range less what is reserved less listeners inside it', () => {
    const state = aState('linux', { tcpPorts: [tcp(40000), tcp(12000, 'api')] });
    const summary = summaryFor('linux');
    const pools = summary.pools.map((pool) => ({ ...pool, capacity: 28231, blocked: 1 }));
    const { effect } = plan(anInput(state, { range: WHOLE, reserve: 'found' }, { ...summary, pools }));
    // 64,512 less 12000 (reserved) less 40000 (listening).
    expect(effect?.capacity).toEqual({ now: 28231, then: 64510 });
    expect(effect?.sustainableRatePerSecond.then).toBeCloseTo(64510 / 60, 6);
  });

  test('plans nothing a second time', () => {
    const state = aState('linux', { values: { [RANGE]: '10240 65535', [RESERVED]: USUAL } });
    const { steps } = plan(anInput(state, { range: { first: 10240, last: 65535 } }));
    expect(steps).toEqual([]);
  });
});

describe('keeping it after a restart', () => {
  test('F8: writes one file of its own as a whole', () => {
    const { steps } = plan(anInput(aState('linux'), { range: WHOLE, persist: true }));
    const file = steps.at(-1);
    expect(file).toMatchObject({
      target: { kind: 'file', path: '/etc/sysctl.d/90-fourtuple.conf', mode: '0644' },
      current: { kind: 'absent' },
      undo: { kind: 'delete-file', path: '/etc/sysctl.d/90-fourtuple.conf' },
      isLasting: true,
    });
    expect(file?.apply).toMatchObject({
      content: expect.stringMatching(
        /^# Written by Fourtuple\.[^]*\nnet\.ipv4\.ip_local_port_range = 1024 65535\n$/,
      ),
    });
  });

  test('F8: keeps the other lines of that file and puts the file back as it was', () => {
    const present =
      '# Written by Fourtuple.\nnet.ipv4.tcp_tw_reuse = 1\nnet/ipv4/ip_local_port_range=20000 65535\n';
    const path = '/etc/sysctl.d/90-fourtuple.conf';
    const state = aState('linux', { files: new Map([[path, { kind: 'value', text: present }]]) });
    const { steps } = plan(anInput(state, { range: WHOLE, persist: true }));
    expect(steps.at(-1)).toMatchObject({
      apply: {
        content:
          '# Written by Fourtuple.\nnet.ipv4.tcp_tw_reuse = 1\nnet.ipv4.ip_local_port_range = 1024 65535\n',
      },
      undo: { kind: 'write-file', content: present },
    });
  });

  test('F8: warns when a later file sets the same', () => {
    const state = aState('linux', { laterFiles: new Map([[RANGE, '/etc/sysctl.d/99-tuning.conf']]) });
    const { warnings } = plan(anInput(state, { range: WHOLE, persist: true }));
    expect(warnings.join(' ')).toContain('/etc/sysctl.d/99-tuning.conf is read after');
  });

  test('is refused when the file cannot be read', () => {
    const files = new Map([
      ['/etc/sysctl.d/90-fourtuple.conf', { kind: 'unknown', why: 'this user may not read it' }],
    ] as const);
    expect(plan(anInput(aState('linux', { files }), { range: WHOLE, persist: true })).refused).not.toBeNull();
  });
});
