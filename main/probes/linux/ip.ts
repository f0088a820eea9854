/** `ip addr` and `ip route`, as JSON (`-j`) and as the text that older versions and pasted dumps have. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { readAddressJson, readRouteJson } from './ip-json.ts';
import { isAddressText, isRouteText, readAddressText, readRouteText } from './ip-text.ts';

const ADDRESSES = 'ip-address';
const ROUTES = 'ip-route';

/** An 'address' fact for each address of each interface. */
export function parseIpAddress(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(ADDRESSES, 'linux', take);
  if (isJson(text)) readAddressJson(text, reading);
  else readAddressText(text, reading);
  return reading.done();
}

/** A note "route" for each route, in the words of `ip route`: "default via 192.0.2.1 dev eth0". */
export function parseIpRoute(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(ROUTES, 'linux', take);
  if (isJson(text)) readRouteJson(text, reading);
  else readRouteText(text, reading);
  return reading.done();
}

/** Messages may stand before the JSON on a terminal; they never begin with a bracket. */
function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

export const ipAddressFormat: OutputFormat = {
  id: ADDRESSES,
  title: 'ip addr',
  system: 'linux',
  recognises(head) {
    if (isJson(head)) return /"ifname":/.test(head) && /"addr_info":/.test(head) ? 1 : 0;
    return isAddressText(head) ? 0.95 : 0;
  },
  parse: parseIpAddress,
};

export const ipRouteFormat: OutputFormat = {
  id: ROUTES,
  title: 'ip route',
  system: 'linux',
  recognises(head) {
    if (isJson(head)) return /\{(?:"type":"\w+",)?"dst":"/.test(head) && /"dev":/.test(head) ? 1 : 0;
    return isRouteText(head) ? 0.95 : 0;
  },
  parse: parseIpRoute,
};

const COMMON = { platform: 'linux', group: 'path', tool: 'ip', needs: null } as const;

export const ipAddressProbe: Probe = {
  ...COMMON,
  id: 'linux.ip-address',
  title: 'Own addresses',
  argv: ['-j', 'addr'],
  parameters: [],
  proves: 'Which source addresses there are: each has a port pool of its own to every destination.',
  figures: ['pool-used'],
  parse: parseIpAddress,
};

export const ipRouteProbe: Probe = {
  ...COMMON,
  id: 'linux.ip-route',
  title: 'Routes',
  argv: ['-j', 'route'],
  parameters: [],
  proves:
    'Through which gateway connections leave; a gateway that translates addresses has limits of its own.',
  figures: [],
  parse: parseIpRoute,
};

export const ipRoute6Probe: Probe = {
  ...COMMON,
  id: 'linux.ip-route6',
  title: 'Routes, IPv6',
  argv: ['-j', '-6', 'route'],
  parameters: [],
  proves: 'The same for IPv6.',
  figures: [],
  parse: parseIpRoute,
};

export const ipRouteGetProbe: Probe = {
  ...COMMON,
  id: 'linux.ip-route-get',
  title: 'Path to one destination',
  argv: ['-j', 'route', 'get', '{address}'],
  parameters: [{ name: 'address', type: 'address', label: 'Destination', preset: null }],
  proves: 'Which source address, and so which port pool, a connection to this destination uses.',
  figures: [],
  parse: parseIpRoute,
};
