/** Formats whose rows are sockets: without one of them there is nothing to count. */
export const LISTINGS: ReadonlySet<string> = new Set([
  'ss',
  'netstat',
  'proc-net-tcp',
  'lsof',
  'lsof-fields',
  'windows-netstat',
  'powershell-connections',
  'bsd-netstat',
  'sockstat',
]);
