import { expect, test } from 'vitest';
import { describeAbout } from '../../../main/workbench/about.ts';
import { rigWorkbench } from '../../support/workbench.ts';

test('names what it runs on, and only what is there', () => {
  const system = { type: 'Linux', release: '6.18.5', arch: 'x64' };
  const versions = { node: '24.21.0', v8: '13.6.1', openssl: '3.5' };
  expect(describeAbout({ version: '1.2.3', versions, system })).toEqual({
    version: '1.2.3',
    parts: [
      { name: 'Node', version: '24.21.0' },
      { name: 'V8', version: '13.6.1' },
      { name: 'Linux', version: '6.18.5 (x64)' },
    ],
  });
  const desktop = { ...versions, electron: '45.4.1', chrome: '153.0.1' };
  const names = describeAbout({
    version: '1.2.3',
    versions: desktop,
    system: { ...system, type: 'Darwin' },
  }).parts.map(({ name }) => name);
  expect(names).toEqual(['Electron', 'Chromium', 'Node', 'V8', 'macOS (Darwin)']);
});

test('a host without a window of its own says that it cannot hide one', async () => {
  const { workbench } = rigWorkbench();
  expect(await workbench.handlers['about.get']({})).toMatchObject({ ok: true, value: { version: '1.2.3' } });
  expect(await workbench.handlers['background.get']({})).toMatchObject({
    ok: true,
    value: { isPossible: false },
  });
});
