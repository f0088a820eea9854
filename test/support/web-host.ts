/** The real web host on a free port over a workbench with fake samplers. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWebHost, type WebHost, type WebHostOptions } from '../../main/hosts/web/server.ts';
import { rigWorkbench, type WorkbenchRig } from './workbench.ts';

export interface WebRig extends WorkbenchRig {
  host: WebHost;
  port: number;
  origin: string;
  close(): Promise<void>;
}

export async function serveRig(
  now: () => number = Date.now,
  change: Partial<WebHostOptions> = {},
): Promise<WebRig> {
  const rendererRoot = buildPage();
  const rig = rigWorkbench();
  const started = await startWebHost({ workbench: rig.workbench, rendererRoot, port: 0, now, ...change });
  if (!started.ok) throw new Error(JSON.stringify(started.failure));
  const host = started.value;
  const close = async () => {
    rig.workbench.stop();
    await host.close();
    rmSync(rendererRoot, { recursive: true });
  };
  return { ...rig, host, port: host.port, origin: `http://127.0.0.1:${host.port}`, close };
}

/** A folder that looks like a built page. */
export function buildPage(): string {
  const root = mkdtempSync(join(tmpdir(), 'fourtuple-page-'));
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(root, 'assets', 'index-abc.js'), 'export {};');
  return root;
}
