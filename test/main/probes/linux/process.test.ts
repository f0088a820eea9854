import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOfCgroup } from '../../../../main/probes/linux/cgroup-context.ts';
import { cgroupFormat, parseCgroup } from '../../../../main/probes/linux/cgroup.ts';
import {
  parseDescriptors,
  parseProcessLimits,
  processLimitsFormat,
} from '../../../../main/probes/linux/process-limits.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { factText, read, valuesOf } from '../../../support/probe-facts.ts';

const ID = '3f2a9c1b7d5e3f2a9c1b7d5e3f2a9c1b7d5e3f2a9c1b7d5e3f2a9c1b7d5e0123';

describe('contextOfCgroup', () => {
  it.each([
    ['/system.slice/nginx.service', { unit: 'nginx.service', container: null }],
    [
      '/user.slice/user-1000.slice/user@1000.service/app.slice/app-foo\\x2dbar.service',
      { unit: 'app-foo-bar.service', container: null },
    ],
    [`/system.slice/docker-${ID}.scope`, { unit: null, container: 'docker 3f2a9c1b7d5e' }],
    [`/docker/${ID}`, { unit: null, container: 'docker 3f2a9c1b7d5e' }],
    [`/docker/${ID}/system.slice/cron.service`, { unit: 'cron.service', container: 'docker 3f2a9c1b7d5e' }],
    [
      `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`,
      { unit: 'user@1000.service', container: 'podman 3f2a9c1b7d5e' },
    ],
    [
      `/kubepods.slice/kubepods-burstable.slice/cri-containerd-${ID}.scope`,
      { unit: null, container: 'containerd 3f2a9c1b7d5e' },
    ],
    [
      `/kubepods/burstable/pod0a1b2c3d-0000-1111-2222-333344445555/${ID}`,
      { unit: null, container: 'pod 3f2a9c1b7d5e' },
    ],
    ['/lxc/web/system.slice/ssh.service', { unit: 'ssh.service', container: 'lxc web' }],
    ['/lxc.payload.web', { unit: null, container: 'lxc web' }],
    ['/machine.slice/machine-build\\x2d1.scope', { unit: null, container: 'machine build-1' }],
    ['/', { unit: null, container: null }],
  ])('%s', (path, context) => {
    expect(contextOfCgroup(path)).toEqual(context);
  });
});

describe('parseCgroup', () => {
  it('reads version 2 with its unit', () => {
    expect(read(parseCgroup, readFixtureText('linux/cgroup/systemd/stdout')).facts.map(factText)).toEqual([
      '1: note cgroup /system.slice/nginx.service',
      '1: note unit nginx.service',
    ]);
  });

  it('reads version 1 and tells the container once', () => {
    const reading = read(parseCgroup, readFixtureText('linux/cgroup/docker/stdout'));
    expect(reading.facts.map(factText)).toEqual([
      `1: note cgroup pids:/docker/${ID}`,
      '1: note container docker 3f2a9c1b7d5e',
      `2: note cgroup memory:/docker/${ID}`,
      `3: note cgroup name=systemd:/docker/${ID}`,
      '4: note cgroup /',
    ]);
    expect(reading.problemCount).toBe(0);
  });

  it('says that a process has ended, names broken lines, and drops a cut one', () => {
    const reading = read(
      parseCgroup,
      'cat: /proc/99/cgroup: No such file or directory\nwhat\n0::/a\n0::/system.sl',
    );
    expect(reading.facts.map(factText)).toEqual([
      '1: absent /proc/99/cgroup it does not exist here',
      '3: note cgroup /a',
    ]);
    expect(reading.problems.map(({ line }) => line)).toEqual([2]);
    expect(reading.truncated).toBe(true);
  });

  it('T1: a hostile path is shown as escapes', () => {
    expect(read(parseCgroup, '0::/a\u001b[31m.service\n').facts.map(factText)).toEqual([
      '1: note cgroup /a\\x1b[31m.service',
      '1: note unit a\\x1b[31m.service',
    ]);
  });

  it('is recognised by its rows', () => {
    expect(cgroupFormat.recognises(readFixtureText('linux/cgroup/docker/stdout'))).toBe(1);
    expect(cgroupFormat.recognises('1: lo: <UP>\n')).toBe(0);
  });
});

describe('parseProcessLimits', () => {
  it('reads soft and hard of every limit', () => {
    const reading = read(parseProcessLimits, readFixtureText('linux/process-limits/6.18/stdout'));
    expect(reading).toMatchObject({ problemCount: 0, skipped: [{ what: 'heading', count: 1 }] });
    expect(reading.facts).toHaveLength(32);
    expect(valuesOf(reading)).toMatchObject({
      'Max open files (soft)': '20000',
      'Max open files (hard)': '20000',
      'Max cpu time (soft)': 'unlimited',
      'Max realtime timeout (hard)': 'unlimited',
    });
  });

  it('is recognised by its heading', () => {
    expect(processLimitsFormat.recognises(readFixtureText('linux/process-limits/6.18/stdout'))).toBe(1);
  });
});

describe('parseDescriptors', () => {
  it('counts what is open and how much of it are sockets', () => {
    const text = readFixtureText('linux/descriptors/6.18/stdout');
    const reading = read(parseDescriptors, text);
    expect(reading.problemCount).toBe(0);
    expect(valuesOf(reading)).toEqual({ 'descriptors open': 26, 'descriptors sockets': 7 });
  });

  it('reads the quotes that ls writes on a terminal', () => {
    const text = readFixtureText('linux/descriptors/6.18/stdout');
    const quoted = text.replace(/-> (\S+\[\S+)/g, "-> '$1'").replaceAll('\n', '\r\n');
    expect(quoted).toContain("'socket:[");
    expect(valuesOf(read(parseDescriptors, quoted))).toEqual(valuesOf(read(parseDescriptors, text)));
  });

  it('S8: leaves the sockets unknown where another user’s descriptors are listed without what they are', () => {
    const text =
      "ls: cannot read symbolic link '/proc/1/fd/0': Permission denied\ntotal 0\nlrwx------ 1 root root 64 Nov 23 00:54 0\n";
    expect(valuesOf(read(parseDescriptors, text))).toEqual({ 'descriptors open': 1 });
  });

  it('S8: a folder that may not be read is absent, not zero', () => {
    expect(read(parseDescriptors, readFixtureText('linux/descriptors/refused/stdout')).facts).toEqual([
      { kind: 'absent', line: 1, name: '/proc/1/fd', why: 'reading it is not permitted' },
    ]);
  });

  it('reads a date of any form, and a target that looks like a row', () => {
    const text =
      'total 0\nlrwx------. 1 a b 64 2026-11-23 03:19 7 -> socket:[18]\nlrwx------ 1 a b 64 23. Nov 03:19 8 -> /tmp/x 9 -> socket:[1]\n';
    expect(valuesOf(read(parseDescriptors, text))).toMatchObject({ 'descriptors open': 2 });
  });
});

describe('parsers of one process', () => {
  it('never throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const parser of [parseCgroup, parseProcessLimits, parseDescriptors]) read(parser, text);
      }),
    );
  });
});
