/** Whether whoever connects may: the user we run as, or who raised our rights (hardening W10). */
import type { Socket } from 'node:net';
import { readPeerUid, type ConnectionEnds, type PeerUid } from './peer-uid-linux.ts';

/** True when the connection may ask for anything beyond the page's files. */
export type PeerCheck = (socket: Socket) => Promise<boolean>;

export interface PeerCheckOptions {
  platform: NodeJS.Platform;
  /** The user this process acts as; null where there are none. */
  ownUid: number | null;
  /** Who raised our rights, from SUDO_UID or PKEXEC_UID; null when nobody did. */
  invokingUid: number | null;
  readUid?: (ends: ConnectionEnds) => Promise<PeerUid>;
}

/** Where the system cannot say who is there, the secrets of the session alone decide. */
export function createPeerCheck(options: PeerCheckOptions): PeerCheck {
  const { platform, ownUid, invokingUid, readUid = readPeerUid } = options;
  if (platform !== 'linux' || ownUid === null) return async () => true;
  const allowed = new Set([ownUid, ...(ownUid === 0 && invokingUid !== null ? [invokingUid] : [])]);
  const admitted = new WeakSet<Socket>();
  const check = async (socket: Socket): Promise<boolean> => {
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    if (!localAddress || !localPort || !remoteAddress || !remotePort) return false;
    const peer = await readUid({ localAddress, localPort, remoteAddress, remotePort });
    if (peer.kind === 'found' && allowed.has(peer.uid)) {
      admitted.add(socket);
      return true;
    }
    return peer.kind === 'unreadable';
  };
  // Only a yes is kept: a table that changes while it is read can miss a row, and the next look finds it.
  return async (socket) => admitted.has(socket) || check(socket);
}

/** The check for this very process. */
export function ownPeerCheck(): PeerCheck {
  const invoking = process.env['SUDO_UID'] ?? process.env['PKEXEC_UID'];
  return createPeerCheck({
    platform: process.platform,
    ownUid: process.geteuid?.() ?? null,
    invokingUid: invoking !== undefined && /^\d+$/.test(invoking) ? Number(invoking) : null,
  });
}
