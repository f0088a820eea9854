import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EVIDENCE_CALLS, EVIDENCE_EVENTS, type RunInfo } from '../../../preload/contract-evidence.ts';
import { probesOf } from '../../../main/probes/catalogue.ts';
import { KeptOutputs } from '../../../main/workbench/kept-outputs.ts';
import { MAX_RUNNING } from '../../../main/workbench/probe-runs.ts';
import { RunStore } from '../../../main/workbench/run-store.ts';
import { rigEvidence, type EvidenceRig, type EvidenceRigOptions } from '../../support/evidence-rig.ts';
import { FakeParser } from '../../support/fake-parser.ts';
import { quietSummary } from '../../support/fake-sampler.ts';

const START_MS = 1_700_000_000_000;
const FILE_NR = 'linux.file-nr';

let rig: EvidenceRig;

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
  open();
});

afterEach(async () => {
  await rig.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function open(options: EvidenceRigOptions = {}): void {
  rig = rigEvidence(options);
}

/** The state of a run now. */
async function infoOf(runId: string): Promise<RunInfo> {
  const listed = await rig.handlers['runs.list']({});
  const info = listed.ok ? listed.value.runs.find((run) => run.runId === runId) : undefined;
  if (!info) throw new Error('no such run');
  return info;
}

async function finished(runId: string): Promise<RunInfo> {
  await vi.advanceTimersByTimeAsync(0);
  const info = await infoOf(runId);
  expect(info.state).toBe('finished');
  return info;
}

const transcript = (runId: string, offset = 0, limit = 1000) =>
  rig.handlers['runs.transcript']({ runId, offset, limit });
const parsed = (runId: string, offset = 0, limit = 100) =>
  rig.handlers['runs.parsed']({ runId, offset, limit });
const namesOf = () => rig.events.map(({ name }) => name);

describe('probes.list', () => {
  test('shows the catalogue in the shape of the contract, each with the reason why it cannot run here', async () => {
    open({ isMissing: (tool) => tool === 'conntrack' });
    const listed = await rig.handlers['probes.list']({});
    if (!listed.ok) throw new Error('probes.list failed');
    EVIDENCE_CALLS['probes.list'].result.parse(listed.value);
    const { probes } = listed.value;
    expect(probes.find(({ id }) => id === FILE_NR)).toMatchObject({
      command: 'cat /proc/sys/fs/file-nr',
      unavailable: null,
    });
    expect(probes.find(({ id }) => id === 'linux.conntrack-list')?.unavailable).toBe(
      'conntrack is not installed here. It is in the package conntrack-tools.',
    );
  });

  test('is empty on a system without probes', async () => {
    open({ platform: 'aix' });
    expect(await rig.handlers['probes.list']({})).toEqual({ ok: true, value: { probes: [] } });
  });
});

describe('probes.run', () => {
  test('starts the terminal with the first run, tells the run, and has it judged when it ends', async () => {
    expect(rig.terminals).toHaveLength(0);
    const started = await rig.run(FILE_NR);
    expect(started).toMatchObject({ probeId: FILE_NR, state: 'running', way: 'visible', asUser: 'uid 1000' });
    expect(rig.terminal().request()).toEqual({
      tool: 'cat',
      argv: ['/proc/sys/fs/file-nr'],
      way: 'visible',
    });
    rig.terminal().print('1024\t0\t9223372036854775807\r\n');
    rig.terminal().end();
    const info = await finished(started.runId);
    expect(info).toMatchObject({
      outcome: 'good',
      endSentence: 'Ended with exit status 0.',
      exitCode: 0,
      tookMs: 40,
      outputBytes: 28,
      truncated: false,
      note: null,
    });
    expect(info.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(namesOf()).toEqual(['run.started', 'run.printed', 'run.finished']);
    for (const { name, payload } of rig.events) EVIDENCE_EVENTS[name].parse(payload);
  });

  test('asks for a pipe on Windows, where a console is no faithful stream', async () => {
    open({ platform: 'win32', probes: probesOf('linux') });
    await rig.run(FILE_NR);
    expect(rig.terminal().request().way).toBe('quiet');
  });

  test('W6, C2: puts checked parameters where they belong', async () => {
    const run = await rig.run('linux.process-limits', [{ name: 'pid', value: '4312' }]);
    expect(run.command).toContain('4312');
    expect(rig.terminal().request().argv.join(' ')).toContain('/proc/4312/');
  });

  test.each([
    ['an unknown probe', 'rm -rf', [], 'there is no probe'],
    ['a name of an object', 'constructor', [], 'there is no probe'],
    ['an unknown parameter', FILE_NR, [{ name: 'path', value: '/etc/shadow' }], 'no parameter'],
    ['a value of another type', 'linux.process-limits', [{ name: 'pid', value: '../1' }], 'must be'],
    ['an option as a value', 'linux.ip-route-get', [{ name: 'address', value: '-h' }], 'must be'],
    ['a missing value', 'linux.process-limits', [], 'is needed'],
    [
      'a parameter given twice',
      'linux.process-limits',
      [
        { name: 'pid', value: '1' },
        { name: 'pid', value: '2' },
      ],
      'twice',
    ],
  ])('E9: refuses %s, and starts nothing', async (_what, probeId, parameters, why) => {
    const answer = await rig.handlers['probes.run']({ probeId, parameters });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid' } });
    expect(!answer.ok && answer.failure.code === 'invalid' && answer.failure.message).toContain(why);
    expect(rig.terminals).toHaveLength(0);
    expect(rig.events).toEqual([]);
  });

  test('C1: names the package of a tool that is missing', async () => {
    open({ isMissing: (tool) => tool === 'cat' });
    expect(await rig.handlers['probes.run']({ probeId: FILE_NR, parameters: [] })).toEqual({
      ok: false,
      failure: { code: 'tool-missing', tool: 'cat', hint: 'it is in the package cat-tools' },
    });
  });

  test('runs eight at once and refuses the ninth with a sentence', async () => {
    for (let count = 0; count < MAX_RUNNING; count++) await rig.run(FILE_NR);
    const ninth = await rig.handlers['probes.run']({ probeId: FILE_NR, parameters: [] });
    expect(ninth).toMatchObject({
      ok: false,
      failure: { code: 'unavailable', what: 'running another probe' },
    });
    rig.terminal().end({}, 1);
    await vi.advanceTimersByTimeAsync(0);
    await rig.run(FILE_NR);
    expect(rig.terminals).toHaveLength(1);
  });

  test('cancels a run, and the answer says when there was nothing to cancel', async () => {
    const { runId } = await rig.run(FILE_NR);
    expect(await rig.handlers['runs.cancel']({ runId })).toEqual({ ok: true, value: { cancelled: true } });
    expect(rig.terminal().cancelledIds).toEqual([1]);
    rig.terminal().end({ end: 'cancelled', exitCode: null, signal: 'SIGTERM' });
    expect(await finished(runId)).toMatchObject({ outcome: 'cancelled' });
    expect(await rig.handlers['runs.cancel']({ runId })).toEqual({ ok: true, value: { cancelled: false } });
    expect(await rig.handlers['runs.cancel']({ runId: 'none' })).toEqual({
      ok: true,
      value: { cancelled: false },
    });
  });

  test('tells why a run went another way than asked, what was lost and what is left running', async () => {
    const { runId } = await rig.run(FILE_NR);
    rig.terminal().print('1 0 2\n');
    const note = 'Run over a pipe, because this libuv loses the end of fast output.';
    rig.terminal().end({ way: 'quiet', note, survivors: [4711], stdoutBytes: 99 });
    expect(await finished(runId)).toMatchObject({
      way: 'quiet',
      note: `${note} Some of its output was lost on the way. Processes of it that could not be ended: 4711.`,
    });
  });

  test('says so when the terminal could not start it', async () => {
    const { runId } = await rig.run(FILE_NR);
    rig
      .terminal()
      .refuse({ code: 'not-permitted', what: 'run cat', needs: 'a file that only root can write' });
    expect(await finished(runId)).toMatchObject({ outcome: 'failed', exitCode: null });
    expect(await parsed(runId)).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  });
});

describe('the terminal link', () => {
  test('S7: a dead terminal ends its runs as failed, and is started again with back-off', async () => {
    const first = await rig.run(FILE_NR);
    const second = await rig.run(FILE_NR);
    rig.terminal().print('half', 'out', 1);
    rig.terminal().exit({ code: null, signal: 'SIGKILL' });
    for (const { runId } of [first, second]) {
      expect(await finished(runId)).toMatchObject({
        outcome: 'failed',
        endSentence: 'The terminal process that ran it is no longer there. Try again.',
      });
    }
    expect(await transcript(first.runId)).toMatchObject({ value: { text: 'half' } });
    expect(rig.log).toEqual(['The terminal process ended (SIGKILL).']);
    expect(await rig.handlers['probes.run']({ probeId: FILE_NR, parameters: [] })).toEqual({
      ok: false,
      failure: {
        code: 'unavailable',
        what: 'running a command',
        why: 'the terminal stopped; starting it again in 0.5 s.',
      },
    });
    vi.advanceTimersByTime(500);
    expect(rig.terminals).toHaveLength(2);
    await rig.run(FILE_NR);
  });

  test('S7: after five deaths it waits for a person to run something', async () => {
    await rig.run(FILE_NR);
    for (let death = 0; death < 6; death++) {
      rig.terminal().exit();
      vi.advanceTimersByTime(30_000);
      rig.terminal().say({ type: 'beat' });
    }
    const before = rig.terminals.length;
    vi.advanceTimersByTime(600_000);
    expect(rig.terminals).toHaveLength(before);
    await rig.run(FILE_NR);
    expect(rig.terminals).toHaveLength(before + 1);
  });

  test('S7: kills a terminal that has been silent for 11 s', async () => {
    const { runId } = await rig.run(FILE_NR);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(rig.terminals[0]?.isKilled).toBe(true);
    expect(await finished(runId)).toMatchObject({ outcome: 'failed' });
    vi.advanceTimersByTime(500);
    expect(rig.terminals).toHaveLength(2);
  });

  test.each([
    ['a number', 7],
    ['an unknown type', { type: 'summary' }],
    ['a long piece', { type: 'output', id: 1, stream: 'out', data: 'A'.repeat(1_000_000) }],
    ['an extra field', { type: 'beat', and: 'more' }],
  ])('reports %s and goes on', async (_what, message) => {
    await rig.run(FILE_NR);
    rig.terminal().sayRaw(message);
    expect(rig.log).toHaveLength(1);
    expect(rig.log[0]).toMatch(/Terminal message ".*" is not valid/);
  });

  test('asks it to end its runs when the workbench stops, and kills it after 3 s if it does not', async () => {
    await rig.run(FILE_NR);
    const terminal = rig.terminal();
    terminal.obeysStop = false;
    const stopped = rig.stop();
    expect(terminal.received.at(-1)).toEqual({ type: 'stop' });
    await vi.advanceTimersByTimeAsync(2999);
    expect(terminal.isKilled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
    expect(terminal.isKilled).toBe(true);
    expect(rig.log).toEqual([]);
    expect(await rig.handlers['probes.run']({ probeId: FILE_NR, parameters: [] })).toMatchObject({
      ok: false,
    });
    expect(rig.terminals).toHaveLength(1);
  });
});

describe('run.printed', () => {
  test('comes at most ten times a second and carries at most 32 KiB: the newest', async () => {
    const { runId } = await rig.run(FILE_NR);
    for (let burst = 0; burst < 20; burst++) {
      for (let piece = 0; piece < 4; piece++) rig.terminal().print('x'.repeat(20_000));
      await vi.advanceTimersByTimeAsync(50);
    }
    const printed = rig.events.flatMap((event) => (event.name === 'run.printed' ? [event.payload] : []));
    expect(printed.length).toBeLessThanOrEqual(10);
    expect(Math.max(...printed.map(({ text }) => text.length))).toBe(32 * 1024);
    const last = printed.at(-1);
    expect((last?.offset ?? 0) + (last?.text.length ?? 0)).toBe(20 * 4 * 20_000);
    expect(await transcript(runId, 5, 10)).toEqual({
      ok: true,
      value: { text: 'xxxxxxxxxx', nextOffset: 15, totalCharacters: 1_600_000 },
    });
  });
});

describe('runs.parsed', () => {
  const OUTPUT = 'net.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.tcp_tw_reuse = 2\nwhat is this\n';

  test('gives names and values with their lines, the lines figures rest on, and what was not understood', async () => {
    const { runId } = await rig.run('linux.sysctl-ports');
    rig.terminal().print(OUTPUT);
    rig.terminal().end();
    expect(await finished(runId)).toMatchObject({ outcome: 'partial' });
    const answer = await parsed(runId);
    if (!answer.ok) throw new Error(JSON.stringify(answer.failure));
    EVIDENCE_CALLS['runs.parsed'].result.parse(answer.value);
    expect(answer.value).toMatchObject({
      summary: '2 facts, 1 line not understood.',
      socketCount: 0,
      factCount: 2,
      facts: [
        { line: 1, name: 'net.ipv4.ip_local_port_range', value: expect.stringMatching(/^32768\s60999$/) },
        { line: 2, name: 'net.ipv4.tcp_tw_reuse', value: '2' },
      ],
      problems: [{ line: 3, text: 'what is this' }],
      restsOn: [1, 2],
      comparison: null,
    });
  });

  test('counts lines as the transcript has them when messages came between', async () => {
    const { runId } = await rig.run('linux.sysctl-ports');
    rig.terminal().print('net.ipv4.ip_local_port_range = 32768\t');
    rig.terminal().print('sysctl: permission denied on key "net.ipv4.tcp_fastopen_key"\n', 'err');
    rig.terminal().print('60999\nnet.ipv4.tcp_tw_reuse = 2\n');
    rig.terminal().end({ way: 'quiet' });
    await finished(runId);
    expect(await transcript(runId)).toMatchObject({
      value: {
        text:
          'net.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.tcp_tw_reuse = 2\n' +
          'sysctl: permission denied on key "net.ipv4.tcp_fastopen_key"\n',
      },
    });
    expect(await parsed(runId)).toMatchObject({ value: { facts: [{ line: 1 }, { line: 2 }] } });
  });

  test('says that a run still goes on, and that a run is not known', async () => {
    const { runId } = await rig.run(FILE_NR);
    expect(await parsed(runId)).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    expect(await parsed('none')).toMatchObject({ ok: false, failure: { what: 'this run' } });
    rig.terminal().end();
    await finished(runId);
  });

  test('reads an output again when the thread has forgotten it or has died', async () => {
    open({ newParser: () => new FakeParser(new KeptOutputs(1)) });
    const first = await rig.run('linux.sysctl-ports');
    rig.terminal().print(OUTPUT);
    rig.terminal().end();
    await finished(first.runId);
    const second = await rig.run(FILE_NR);
    rig.terminal().print('1 0 2\n');
    rig.terminal().end();
    await finished(second.runId);
    expect(await parsed(first.runId)).toMatchObject({ value: { factCount: 2 } });
    rig.parsers[0]?.exit();
    expect(await parsed(first.runId, 1)).toMatchObject({ value: { facts: [{ line: 2 }] } });
    expect(rig.parsers).toHaveLength(2);
  });

  test('C5: never calls a run good whose output could not be looked at, and replaces a thread that hangs', async () => {
    open({
      newParser: () => {
        const parser = new FakeParser();
        parser.isHanging = rig.parsers.length === 0;
        return parser;
      },
    });
    const hung = await rig.run(FILE_NR);
    rig.terminal().print('1 0 2\n');
    rig.terminal().end();
    for (let second = 0; second < 10; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      rig.terminal().say({ type: 'beat' });
    }
    expect(await infoOf(hung.runId)).toMatchObject({ state: 'finished', outcome: 'partial', exitCode: 0 });
    expect(rig.parsers[0]?.isKilled).toBe(true);
    const next = await rig.run(FILE_NR);
    rig.terminal().print('1 0 2\n');
    rig.terminal().end();
    expect(await finished(next.runId)).toMatchObject({ outcome: 'good' });
  });

  test('sets what a misleading command prints beside the figure as it was when it ended', async () => {
    let waiting = 14;
    open({
      summary: () => quietSummary({ totals: { sockets: 20, byState: { TIME_WAIT: waiting } } }),
    });
    const listed = await rig.handlers['probes.list']({});
    const probe = listed.ok
      ? listed.value.probes.find(({ folklore }) => folklore?.command === 'ss -tan state time-wait | wc -l')
      : undefined;
    const { runId } = await rig.run(probe?.id ?? '');
    rig
      .terminal()
      .print('Recv-Q Send-Q Local Address:Port Peer Address:Port\r\n0 0 10.0.0.1:5 10.0.0.2:443\r\n');
    rig.terminal().end();
    await finished(runId);
    waiting = 99;
    expect(await parsed(runId)).toMatchObject({
      value: {
        comparison: {
          claims: '2',
          takenFor: probe?.folklore?.takenFor,
          really: '14 sockets wait in TIME_WAIT, each for 60 s.',
          why: probe?.folklore?.why,
        },
      },
    });
  });
});

describe('what is kept', () => {
  test('the newest runs only, newest first', async () => {
    open({ store: new RunStore(3) });
    for (let count = 0; count < 5; count++) {
      const { runId } = await rig.run(FILE_NR);
      rig.terminal().end();
      await finished(runId);
    }
    const listed = await rig.handlers['runs.list']({});
    expect(listed.ok && listed.value.runs).toHaveLength(3);
  });

  test('the newest output only: what was dropped says so, in the list and when asked for', async () => {
    open({ store: new RunStore(300, 1000) });
    const runIds: string[] = [];
    for (let count = 0; count < 3; count++) {
      const { runId } = await rig.run(FILE_NR);
      runIds.push(runId);
      rig.terminal().print(`${'9'.repeat(499)}\n`);
      rig.terminal().end();
      await finished(runId);
    }
    const [oldest = '', kept = ''] = runIds;
    expect((await infoOf(oldest)).note).toMatch(/dropped to make room/);
    expect((await infoOf(kept)).note).toBeNull();
    expect(await transcript(oldest)).toMatchObject({
      ok: false,
      failure: { what: 'the output of this run' },
    });
    expect(await transcript(kept)).toMatchObject({ ok: true });
  });
});
