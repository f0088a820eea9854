/** Where /proc/PID/fd/N points for a socket. */
const SOCKET_LINK = /^socket:\[(\d{1,10})\]$/;

/** The inode of "socket:[12345]"; 0 for any other descriptor and for one that is gone. */
export function inodeOfLink(link: string | null): number {
  return Number(SOCKET_LINK.exec(link ?? '')?.[1] ?? 0);
}
