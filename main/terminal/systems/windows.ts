import { spawn } from 'node:child_process';
import { windowsEnvironment, type Environment } from '../environment.ts';
import type { ProcessTree, System } from '../system.ts';
import { sendSignal } from './group-tree.ts';

export function windowsSystem(systemRoot: string | undefined = process.env['SystemRoot']): System {
  const environment = windowsEnvironment(systemRoot);
  return {
    environment: () => environment,
    directory: environment['SystemRoot'] ?? 'C:\\',
    hasSessions: false,
    holdsPtyOpen: false,
    visibleRefusal: () => null,
    treeOf: (leader) => new WindowsTree(leader, environment),
    keepPrivate: async () => () => undefined,
    leash: async () => [],
  };
}

/** Windows has no signals and no groups: taskkill ends a process with its children as the system lists them. */
class WindowsTree implements ProcessTree {
  private readonly leader: number;
  private readonly environment: Environment;
  private isLeaderGone = false;
  private isAsked = false;

  constructor(leader: number, environment: Environment) {
    this.leader = leader;
    this.environment = environment;
  }

  signal(): void {
    if (this.isLeaderGone || this.isAsked) return;
    this.isAsked = true;
    const taskkill = `${this.environment['SystemRoot']}\\System32\\taskkill.exe`;
    const argv = ['/T', '/F', '/PID', String(this.leader)];
    const child = spawn(taskkill, argv, { stdio: 'ignore', windowsHide: true, env: this.environment });
    child.once('error', () => sendSignal(this.leader, 'SIGKILL'));
  }

  left(): readonly number[] {
    return !this.isLeaderGone && sendSignal(this.leader, 0) ? [this.leader] : [];
  }

  leaderGone(): void {
    this.isLeaderGone = true;
  }
}
