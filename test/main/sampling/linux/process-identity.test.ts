import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseCgroup,
  parseCommandLine,
  parseProcessStat,
  readProcess,
  readProcessStat,
} from '../../../../main/sampling/linux/process-identity.ts';
import { fakeProc } from '../../../support/fake-proc.ts';

const ID = 'f00dcafe'.repeat(8);
const encode = (text: string) => new TextEncoder().encode(text);
const STAT_TAIL = ` S${' 0'.repeat(18)} 4242 0 0\n`;

describe('parseProcessStat', () => {
  it.each([
    ['a plain name', 'nginx'],
    ['spaces and brackets', 'a) R 1 (b'],
    ['a name that ends like the line', 'x) S 0 0 0'],
    ['a line end', 'a\nb'],
    ['no name', ''],
  ])('T3: splits at the last bracket for %s', (_what, name) => {
    const parsed = parseProcessStat(encode(`77 (${name})${STAT_TAIL}`));
    expect(parsed.ok && [new TextDecoder().decode(parsed.value.comm), parsed.value.startTicks]).toEqual([
      name,
      4242,
    ]);
  });

  it('calls a cut line unreadable', () => {
    expect(parseProcessStat(encode('77 (a) S 0'))).toMatchObject({
      ok: false,
      failure: { code: 'unreadable' },
    });
  });

  it('never throws on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseProcessStat(bytes)));
  });
});

describe('parseCommandLine', () => {
  it('puts spaces between the arguments', () => {
    expect(parseCommandLine(encode('node\0server.js\0--port\x008080\0'))).toBe('node server.js --port 8080');
  });

  it('T1: shows what a hostile argument holds', () => {
    expect(parseCommandLine(encode('a\0\x1b[2J\u202e\0'))).toBe('a \\x1b[2J\\u202e');
  });
});

describe('parseCgroup', () => {
  it.each([
    ['a service', '0::/system.slice/nginx.service\n', 'nginx.service', null],
    [
      'a service of a user',
      '0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-x.scope',
      'app-x.scope',
      null,
    ],
    ['the root', '0::/\n', null, null],
    ['docker with systemd', `0::/system.slice/docker-${ID}.scope`, null, 'f00dcafef00d'],
    ['docker with cgroupfs', `12:cpu:/docker/${ID}\n0::/\n`, null, 'f00dcafef00d'],
    ['podman', `0::/machine.slice/libpod-${ID}.scope/container`, null, 'f00dcafef00d'],
    [
      'containerd under kubelet',
      `0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`,
      null,
      'f00dcafef00d',
    ],
    ['CRI-O', `0::/kubepods.slice/crio-${ID}.scope`, null, 'f00dcafef00d'],
    ['kubelet with cgroupfs', `0::/kubepods/burstable/pod11/${ID}`, null, 'f00dcafef00d'],
    [
      'containerd with a colon',
      `0::/system.slice/kubepods-pod1.slice:cri-containerd:${ID}`,
      null,
      'f00dcafef00d',
    ],
    [
      'a service inside a container',
      `0::/docker/${ID}/system.slice/web.service`,
      'web.service',
      'f00dcafef00d',
    ],
    [
      'the first hierarchy of version 1',
      '9:name=systemd:/system.slice/a.service\n8:cpu:/\n',
      'a.service',
      null,
    ],
    ['something else', 'not a cgroup file', null, null],
  ])('finds unit and container of %s', (_what, text, unit, container) => {
    expect(parseCgroup(text)).toEqual({ unit, container });
  });

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseCgroup(text)));
  });
});

describe('readProcess', () => {
  it('T1: a hostile process shows nothing raw', () => {
    const comm = new Uint8Array([0x1b, 0x5d, 0x30, 0x3b, 0xff, 0x0a, 0xe2, 0x80, 0xae]);
    const { files } = fakeProc(
      new Map([[7, { comm, cmdline: '\x1bP\0\u200b', cgroup: '0::/\x1b.service', fds: [] }]]),
    );
    const stat = readProcessStat(files, '/proc/7');
    if (!stat.ok) throw new Error('no stat');
    expect(readProcess(files, '/proc/7', 7, stat.value)).toEqual({
      pid: 7,
      executable: null,
      startTicks: 100,
      process: '\\x1b]0;\ufffd\\x0a\\u202e',
      commandLine: '\\x1bP \\u200b',
      unit: '\\x1b.service',
      container: null,
      uid: null,
    });
  });

  it('shows a process without a command line in brackets', () => {
    const { files } = fakeProc(new Map([[2, { comm: 'kthreadd', uid: 0, fds: [] }]]));
    const stat = readProcessStat(files, '/proc/2');
    expect(stat.ok && readProcess(files, '/proc/2', 2, stat.value)).toMatchObject({
      commandLine: '[kthreadd]',
      uid: 0,
    });
  });
});
