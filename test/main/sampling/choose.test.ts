import { describe, expect, it } from 'vitest';
import { choosePlatform } from '../../../main/sampling/choose.ts';

describe('choosePlatform', () => {
  it('samples Linux through the kernel itself', () => {
    const platform = choosePlatform('linux');
    expect(platform.ok && platform.value.refresh).toBe(undefined);
  });

  it.each(['win32', 'darwin', 'freebsd', 'openbsd'] as const)('samples %s through its commands', (name) => {
    const platform = choosePlatform(name);
    expect(platform.ok && typeof platform.value.refresh).toBe('function');
  });

  it.each([['aix'], ['sunos']] as const)('says that sampling %s is not there', (name) => {
    expect(choosePlatform(name)).toMatchObject({
      ok: false,
      failure: { code: 'unsupported', what: `live sampling on ${name}` },
    });
  });
});
