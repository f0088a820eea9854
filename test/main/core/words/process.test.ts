import { describe, expect, it } from 'vitest';
import { sayProcess } from '../../../../main/core/words/process.ts';

describe('how a process is called in a sentence', () => {
  const group = { parentPid: 4711, parentProcess: 'bash', processCount: 312 };

  it.each([
    [{ process: 'python3', pid: 4312 }, 'python3 (pid 4312)'],
    [{ process: null, pid: 4312 }, 'pid 4312'],
    [{ process: 'nginx', pid: null }, 'nginx'],
    [{ process: null, pid: null }, 'an unknown process'],
    [{ process: 'nc', pid: null, group }, 'nc (children of bash, pid 4711)'],
    [{ process: 'nc', pid: null, group: { ...group, parentProcess: null } }, 'nc (children of pid 4711)'],
    [{ process: 'nc', pid: null, group: { ...group, parentPid: null } }, 'nc'],
  ])('%o is %s', (owner, words) => {
    expect(sayProcess(owner)).toBe(words);
  });
});
