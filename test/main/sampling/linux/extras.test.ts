import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDescriptors, readExtras } from '../../../../main/sampling/linux/extras.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'extras-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

describe('what rules want to know of a Linux machine', () => {
  it('reads settings where they are, and gives null where they are not', () => {
    put('proc/sys/net/ipv4/tcp_fin_timeout', '30\n');
    put('proc/sys/net/core/somaxconn', '4096\n');
    expect(readExtras(join(root, 'proc'), root).linux).toEqual({
      finTimeoutSeconds: 30,
      twRecycle: null,
      synRetries: null,
      unprivilegedPortStart: null,
      maxOrphans: null,
      conntrackTimeWaitSeconds: null,
      somaxconn: 4096,
    });
  });

  it('knows clouds by their firmware and containers by their files', () => {
    const surroundings = () => {
      const { container, cloud } = readExtras(join(root, 'proc'), root).surroundings;
      return { container, cloud };
    };
    expect(surroundings()).toEqual({ container: null, cloud: null });
    put('sys/class/dmi/id/sys_vendor', 'Amazon EC2\n');
    put('.dockerenv', '');
    expect(surroundings()).toEqual({ container: 'Docker', cloud: 'AWS' });
  });

  it('does not take a Hyper-V at home for Azure', () => {
    put('sys/class/dmi/id/sys_vendor', 'Microsoft Corporation\n');
    expect(readExtras(join(root, 'proc'), root).surroundings.cloud).toBeNull();
    put('sys/class/dmi/id/chassis_asset_tag', '7783-7084-3265-9085-8269-3286-77\n');
    expect(readExtras(join(root, 'proc'), root).surroundings.cloud).toBe('Azure');
  });

  it('counts descriptors against the soft limit; what may not be read is null', () => {
    put(
      'proc/7/limits',
      'Limit   Soft Limit  Hard Limit  Units\nMax open files            1024   524288   files\n',
    );
    put('proc/7/fd/0', '');
    put('proc/7/fd/1', '');
    const read = (pid: number) => readDescriptors(join(root, 'proc'), pid, 'node');
    expect(read(7)).toEqual({ pid: 7, process: 'node', descriptors: 2, descriptorLimit: 1024 });
    expect(read(8)).toEqual({ pid: 8, process: 'node', descriptors: null, descriptorLimit: null });
  });
});
