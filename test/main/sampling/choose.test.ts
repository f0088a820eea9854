import { describe, expect, it } from 'vitest';
import { choosePlatform } from '../../../main/sampling/choose.ts';

describe('choosePlatform', () => {
  it('samples Linux', () => {
    expect(choosePlatform('linux').ok).toBe(true);
  });

  it.each([
    ['win32', 'live sampling on Windows'],
    ['darwin', 'live sampling on macOS'],
    ['aix', 'live sampling on aix'],
  ] as const)('says that sampling %s is not there yet', (platform, what) => {
    expect(choosePlatform(platform)).toMatchObject({ ok: false, failure: { code: 'unsupported', what } });
  });
});
