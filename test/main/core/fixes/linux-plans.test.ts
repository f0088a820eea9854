import { describe, expect, test } from 'vitest';
import { findFix } from '../../../../main/core/fixes/catalogue.ts';
import type { FixParameters, LimitedProcess, SystemState } from '../../../../main/core/fixes/model.ts';
import type { Summary } from '../../../../main/core/model.ts';
import { anInput, aState, summaryFor, tcp } from '../../../support/fixes.ts';
import { aFinding } from '../../../support/findings.ts';

function plan(
  id: string,
  state: SystemState,
  parameters: Partial<FixParameters> = {},
  summary: Summary | null = null,
) {
  const made = findFix(id)?.plan(anInput(state, parameters, summary));
  if (!made) throw new Error(`no fix ${id}`);
  return {
    ...made,
    changes: made.steps.map(({ title, proposed }) => [
      title,
      proposed.kind === 'value' ? proposed.text : null,
    ]),
  };
}

const ORDER_SYNC: LimitedProcess = {
  pid: 4312,
  startTicks: 88120,
  process: 'python3',
  descriptors: 1000,
  softLimit: 1024,
  hardLimit: 4096,
  unit: 'order-sync.service',
  user: 'orders',
};

describe('reserving ports', () => {
  test('adds the services inside the range to what is reserved', () => {
    const state = aState('linux', {
      values: { 'net.ipv4.ip_local_reserved_ports': '50051' },
      tcpPorts: [tcp(40000, 'api'), tcp(22, 'sshd')],
    });
    expect(plan('linux-reserve-ports', state).changes).toEqual([
      ['net.ipv4.ip_local_reserved_ports', '40000,50051'],
    ]);
  });

  test('costs no port where a service listens already, and one each where none does', () => {
    const state = aState('linux', { tcpPorts: [tcp(40000)] });
    const { effect } = plan(
      'linux-reserve-ports',
      state,
      { reserve: [{ first: 40000, last: 40001 }] },
      summaryFor('linux'),
    );
    expect(effect?.capacity).toEqual({ now: 28232, then: 28231 });
  });

  test('is refused where there is nothing to reserve', () => {
    expect(plan('linux-reserve-ports', aState('linux')).refused?.reason).toMatch(/^No service uses a port/);
  });
});

describe('reuse of TIME_WAIT ports', () => {
  test('sets tcp_tw_reuse, and nothing else where timestamps are on', () => {
    expect(plan('linux-tw-reuse', aState('linux')).changes).toEqual([['net.ipv4.tcp_tw_reuse', '1']]);
  });

  test('turns timestamps on first where they are off', () => {
    const state = aState('linux', { values: { 'net.ipv4.tcp_timestamps': '0' } });
    expect(plan('linux-tw-reuse', state).changes).toEqual([
      ['net.ipv4.tcp_timestamps', '1'],
      ['net.ipv4.tcp_tw_reuse', '1'],
    ]);
  });

  test('sets the delay where the kernel has one, and refuses it where it has none', () => {
    expect(plan('linux-tw-reuse', aState('linux'), { value: 200 }).changes[0]).toEqual([
      'net.ipv4.tcp_tw_reuse_delay',
      '200',
    ]);
    const old = aState('linux', { values: { 'net.ipv4.tcp_tw_reuse_delay': null } });
    expect(plan('linux-tw-reuse', old, { value: 200 }).refused).toMatchObject({
      reason: expect.stringContaining('6.14'),
      offerOptions: '',
    });
    expect(plan('linux-tw-reuse', aState('linux'), { value: 60_001 }).refused?.reason).toContain(
      '1 to 60000',
    );
  });
});

describe('limits of Linux', () => {
  test('F2: raises tcp_max_tw_buckets and never lowers it', () => {
    expect(plan('linux-tw-buckets', aState('linux')).changes).toEqual([
      ['net.ipv4.tcp_max_tw_buckets', '262144'],
    ]);
    expect(plan('linux-tw-buckets', aState('linux'), { value: 5000 }).refused?.reason).toContain(
      'not offered',
    );
    expect(plan('linux-tw-buckets', aState('linux'), { value: 5 }).refused?.reason).toContain('4096');
  });

  test('doubles the connection-tracking table and shortens the time of closed entries', () => {
    expect(plan('linux-conntrack', aState('linux')).changes).toEqual([
      ['net.netfilter.nf_conntrack_max', '524288'],
      ['net.netfilter.nf_conntrack_tcp_timeout_time_wait', '60'],
    ]);
    const none = aState('linux', { values: { 'net.netfilter.nf_conntrack_max': null } });
    expect(plan('linux-conntrack', none).refused?.reason).toContain('not tracked here');
  });

  test('lengthens the listen queue, within what a queue can be', () => {
    expect(plan('linux-backlog', aState('linux')).changes).toEqual([['net.core.somaxconn', '8192']]);
    expect(plan('linux-backlog', aState('linux'), { value: 100_000 }).refused?.reason).toContain('65535');
  });

  test('shortens FIN_WAIT_2, which is not TIME_WAIT, within 5 to 120 s', () => {
    const { changes, warnings } = plan('linux-fin-timeout', aState('linux'));
    expect(changes).toEqual([['net.ipv4.tcp_fin_timeout', '15']]);
    expect(warnings[0]).toContain('next to nothing');
    expect(plan('linux-fin-timeout', aState('linux'), { value: 4 }).refused).not.toBeNull();
  });

  test('is refused where timestamps are on already', () => {
    expect(plan('linux-timestamps', aState('linux')).refused?.reason).toContain('on already');
  });
});

describe('the limit of open files', () => {
  const state = aState('linux', { processes: [ORDER_SYNC] });

  test('is raised for the process now, and put back exactly', () => {
    const { steps } = plan('linux-descriptor-limit', state, { pid: 4312 });
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({
      target: { kind: 'descriptor-limit', pid: 4312, startTicks: 88120 },
      current: { text: '1024:4096' },
      apply: { argv: ['prlimit', '--pid=4312', '--nofile=65536:65536'] },
      undo: { argv: ['prlimit', '--pid=4312', '--nofile=1024:4096'] },
    });
  });

  test('is taken from the finding where no process is named', () => {
    const finding = aFinding({ rule: 'descriptors-process', pid: 4312 });
    const summary = { ...summaryFor('linux'), findings: [finding] };
    expect(plan('linux-descriptor-limit', state, {}, summary).steps).toHaveLength(1);
  });

  test('is written as a drop-in of the unit to keep it', () => {
    const { steps } = plan('linux-descriptor-limit', state, { pid: 4312, persist: true });
    expect(steps.map(({ apply }) => apply).slice(1)).toEqual([
      {
        kind: 'write-file',
        path: '/etc/systemd/system/order-sync.service.d/90-fourtuple.conf',
        mode: '0644',
        content: '[Service]\nLimitNOFILE=65536\n',
      },
      { kind: 'run', argv: ['systemctl', 'daemon-reload'] },
    ]);
  });

  test('is written for the user where there is no unit', () => {
    const processes = [{ ...ORDER_SYNC, unit: null }];
    const { steps } = plan('linux-descriptor-limit', aState('linux', { processes }), {
      pid: 4312,
      persist: true,
    });
    expect(steps[1]?.apply).toMatchObject({
      path: '/etc/security/limits.d/90-fourtuple.conf',
      content: 'orders soft nofile 65536\norders hard nofile 65536\n',
    });
  });

  test('C2: puts no unit or user of a strange name into a file', () => {
    const processes = [{ ...ORDER_SYNC, unit: '../../x.service', user: 'root\nroot - nofile 1' }];
    const { steps } = plan('linux-descriptor-limit', aState('linux', { processes }), {
      pid: 4312,
      persist: true,
    });
    expect(steps).toHaveLength(1);
  });

  test('is refused for a process that is not there, and above fs.nr_open', () => {
    expect(plan('linux-descriptor-limit', state, { pid: 7 }).refused?.reason).toContain('process 7');
    expect(plan('linux-descriptor-limit', state, { pid: 4312, value: 2_000_000 }).refused?.reason).toContain(
      '1048576',
    );
    expect(plan('linux-descriptor-limit', state).refused?.reason).toContain('say which process is meant');
  });
});

describe('releasing TIME_WAIT of one pool', () => {
  test('names that pool alone, says that it cannot be undone, and frees its ports', () => {
    const { steps, effect } = plan('linux-release-time-wait', aState('linux'), {}, summaryFor('linux'));
    expect(steps[0]).toMatchObject({
      undo: null,
      undoNote: expect.stringContaining('cannot be brought back'),
      apply: {
        argv: [
          'ss',
          '-tnHK',
          'state',
          'time-wait',
          'src',
          '10.0.2.7',
          'dst',
          '10.0.3.12',
          'dport',
          '=',
          ':443',
        ],
      },
    });
    expect(effect?.used).toEqual({ now: 25691, then: 1523 });
  });

  test('is refused on kernels that cannot, and for files', () => {
    const old = aState('linux', { kernel: { major: 5, minor: 15 } });
    expect(plan('linux-release-time-wait', old, {}, summaryFor('linux')).refused?.reason).toContain('5.15');
    const imported: Summary = {
      ...summaryFor('linux'),
      origin: { kind: 'imported', files: [], profileBasis: 'detected' },
    };
    expect(plan('linux-release-time-wait', aState('linux'), {}, imported).refused?.reason).toContain(
      'moment',
    );
  });
});
