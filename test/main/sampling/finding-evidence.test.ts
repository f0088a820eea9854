import { expect, it } from 'vitest';
import { PROFILES } from '../../../main/core/profiles.ts';
import { systemOf } from '../../../main/sampling/finding-evidence.ts';

it('knows the system of every profile that is one, whatever machine shows it', () => {
  const systems = PROFILES.filter(({ kind }) => kind === 'system').map(({ id }) => [
    id,
    systemOf(id, 'linux'),
  ]);
  expect(Object.fromEntries(systems)).toEqual({
    linux: 'linux',
    'linux-rhel': 'linux',
    'linux-tuned': 'linux',
    windows: 'windows',
    'windows-240': 'windows',
    'windows-legacy': 'windows',
    macos: 'macos',
    freebsd: 'freebsd',
  });
});

it.each([
  ['win32', 'windows'],
  ['darwin', 'macos'],
  ['openbsd', 'freebsd'],
  ['linux', 'linux'],
])('goes by the machine, %s, where the profile is of a NAT', (platform, system) => {
  for (const { id } of PROFILES.filter(({ kind }) => kind === 'middlebox')) {
    expect(systemOf(id, platform)).toBe(system);
  }
});
