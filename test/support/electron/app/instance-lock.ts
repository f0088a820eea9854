/** One instance a folder of user data: the first listens on a socket in it, a later one tells it what it was started with. */
import { readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export interface SecondStart {
  argv: string[];
  workingDirectory: string;
  additionalData: Record<string, unknown>;
}

const TELL_LIMIT_MS = 3000;

export class InstanceLock {
  isHeld = false;
  /** Resolves when the first instance has heard of this one. */
  told: Promise<void> = Promise.resolve();
  #server: Server | null = null;
  #link: string | null = null;

  /** Takes the lock; or tells its holder, and gives false. A lock whose holder is gone is taken over. */
  take(folder: string, start: SecondStart, heard: (start: SecondStart) => void): boolean {
    if (this.isHeld) return true;
    const link = join(folder, 'SingletonLock');
    const socket = join(folder, 'SingletonSocket');
    if (!tryLink(link)) {
      if (isAlive(Number(readlinkSync(link)))) {
        this.told = tell(socket, start);
        return false;
      }
      rmSync(link);
      if (!tryLink(link)) return false;
    }
    this.isHeld = true;
    this.#link = link;
    rmSync(socket, { force: true });
    this.#server = createServer({ allowHalfOpen: true }, (peer) => {
      let text = '';
      peer.setEncoding('utf8').on('data', (part: string) => (text += part));
      peer.on('end', () => {
        peer.end();
        heard(JSON.parse(text) as SecondStart);
      });
    }).listen(socket);
    return true;
  }

  release(): void {
    if (this.#link !== null) rmSync(this.#link, { force: true });
    this.#server?.close();
    this.#link = null;
    this.isHeld = false;
  }
}

function tryLink(link: string): boolean {
  try {
    symlinkSync(String(process.pid), link);
    return true;
  } catch {
    // There is one already.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function tell(socket: string, start: SecondStart): Promise<void> {
  return new Promise((resolve) => {
    const peer = connect(socket, () => peer.end(JSON.stringify(start)));
    peer.setTimeout(TELL_LIMIT_MS, () => peer.destroy());
    peer.on('close', () => resolve());
    peer.on('error', () => resolve());
    peer.resume();
  });
}
