import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { judgeElectron } from '../../scripts/release-check.ts';
import { readFixtureText } from '../support/fixtures.ts';

/** What the registry said on 2026-11-23. */
const RECORDED = readFixtureText('registry/electron-versions/stdout');

describe('P2: the Electron of a release', () => {
  test.each([
    [
      '45.4.1',
      true,
      'Electron 45.4.1 is supported: the supported majors are 45, 44, 43; it is the newest of its major.',
    ],
    [
      '45.0.0',
      true,
      'Electron 45.0.0 is supported: the supported majors are 45, 44, 43; the newest of its major is 45.4.1.',
    ],
    ['43.0.0', true, /^Electron 43\.0\.0 is supported: .* the newest of its major is 43\.\d+\.\d+\.$/],
    ['42.9.0', false, /^Electron 42\.9\.0 gets no fixes any more: the supported majors are 45, 44, 43;/],
    ['12.2.3', false, /gets no fixes any more/],
    // Newer than anything that was published when this was recorded.
    ['46.0.0', true, /is supported/],
  ])('%s', (used, isSupported, sentence) => {
    const judged = judgeElectron(used, RECORDED);
    expect(judged?.isSupported).toBe(isSupported);
    expect(judged?.sentence).toMatch(sentence);
  });

  test('the one that is used was supported when this was recorded', () => {
    expect(judgeElectron(packageJson.devDependencies.electron, RECORDED)).toMatchObject({
      isSupported: true,
    });
  });

  test('versions before a release do not count, and 45.10 is newer than 45.9', () => {
    const answer = JSON.stringify([
      '43.0.0',
      '44.0.0',
      '45.9.0',
      '45.10.0',
      '46.0.0-beta.1',
      '47.0.0-nightly.1',
    ]);
    expect(judgeElectron('43.0.0', answer)).toMatchObject({ isSupported: true });
    expect(judgeElectron('45.9.0', answer)?.sentence).toContain('is 45.10.0.');
  });

  test.each(['', 'null', '{}', '"45.4.1"', '[]', '[45]', 'npm error'])('%s is no answer', (answer) => {
    expect(judgeElectron('45.4.1', answer)).toBeNull();
  });
});
