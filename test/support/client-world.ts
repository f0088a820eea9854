/** A made-up machine whose client opens connections at a steady rate and closes them first: what netstat shows of it. */

export interface ClientWorldOptions {
  /** Connections a second. */
  rate: number;
  /** Seconds each is open. */
  openSeconds: number;
  /** Seconds each is in TIME_WAIT. */
  holdSeconds: number;
  /** Seconds of the world's time at which the first is opened; negative: before anybody looks. */
  fromSeconds: number;
  /** When the last is opened; absent: never. */
  untilSeconds?: number;
  firstPort: number;
  portCount: number;
}

export interface WorldSocket {
  localPort: number;
  remotePort: number;
  isClosed: boolean;
}

/** The sockets at `atSeconds`; opened at even steps, ports handed out in turn. */
export function worldSockets(world: ClientWorldOptions, atSeconds: number): WorldSocket[] {
  const { rate, openSeconds, holdSeconds, fromSeconds, untilSeconds, firstPort, portCount } = world;
  const lastSeconds = Math.min(atSeconds, untilSeconds ?? Infinity);
  const oldest = Math.max(0, Math.ceil((atSeconds - openSeconds - holdSeconds - fromSeconds) * rate + 1e-9));
  const newest = Math.floor((lastSeconds - fromSeconds) * rate + 1e-9);
  const sockets: WorldSocket[] = [];
  for (let opened = oldest; opened <= newest; opened++) {
    const ageSeconds = atSeconds - fromSeconds - opened / rate;
    sockets.push({
      localPort: firstPort + (opened % portCount),
      remotePort: 443,
      isClosed: ageSeconds >= openSeconds,
    });
  }
  return sockets;
}

/** The world as `netstat -anv -p tcp` of macOS prints it. */
export function macosListing(sockets: readonly WorldSocket[]): string {
  const head =
    'Active Internet connections (including servers)\n' +
    'Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options\n';
  const rows = sockets.map(({ localPort, remotePort, isClosed }) => {
    const local = `192.0.2.7.${localPort}`.padEnd(22);
    const remote = `198.51.100.9.${remotePort}`.padEnd(22);
    const state = (isClosed ? 'TIME_WAIT' : 'ESTABLISHED').padEnd(11);
    const holder = isClosed ? ':0' : 'python3.12:4312';
    return `tcp4       0      0  ${local} ${remote} ${state}         8452         4310  131072  131396 ${holder.padStart(20)}    00102 00000000\n`;
  });
  return head + rows.join('');
}

/** The world as `netstat -ano` of Windows prints it. */
export function windowsListing(sockets: readonly WorldSocket[]): string {
  const head =
    '\r\nActive Connections\r\n\r\n  Proto  Local Address          Foreign Address        State           PID\r\n';
  const rows = sockets.map(({ localPort, remotePort, isClosed }) => {
    const local = `192.0.2.7:${localPort}`.padEnd(22);
    const remote = `198.51.100.9:${remotePort}`.padEnd(22);
    const state = (isClosed ? 'TIME_WAIT' : 'ESTABLISHED').padEnd(15);
    return `  TCP    ${local} ${remote} ${state} ${isClosed ? 0 : 5120}\r\n`;
  });
  return head + rows.join('');
}
