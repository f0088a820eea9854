import { expect, test, vi } from 'vitest';
import { runServe } from '../../../../main/hosts/web/serve-command.ts';
import { startWebHost } from '../../../../main/hosts/web/server.ts';

vi.mock(import('../../../../main/hosts/web/server.ts'), async (original) => ({
  ...(await original()),
  startWebHost: vi.fn(async () => ({
    ok: false as const,
    failure: { code: 'unavailable' as const, what: 'port 1', why: 'this is a test' },
  })),
}));

test('W5: the clock of logins does not follow the wall clock; without an address nothing is announced', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const command = { argv: [], entryFolder: '/none', rendererRoot: '/none', version: '0' };
  expect(await runServe({ ...command, introduction: 'Served instead:' })).toBe(1);
  expect(write.mock.calls.flat().join('')).toBe('fourtuple: Port 1 is not available: this is a test.\n');
  write.mockRestore();
  const now = vi.mocked(startWebHost).mock.calls[0]?.[0].now;
  const beforeMs = now?.() ?? NaN;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 24 * 3_600_000 });
  expect((now?.() ?? NaN) - beforeMs).toBeGreaterThanOrEqual(0);
  vi.useRealTimers();
});
