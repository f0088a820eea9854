/** The keys of the filter language: names, what they are for, and an example that works. */
import type { FilterTest } from './terms.ts';

export type FilterKey = Exclude<FilterTest['key'], 'word'>;

export interface KeyFacts {
  key: FilterKey;
  aliases: readonly string[];
  /** What it selects by, in a few words. */
  hint: string;
  /** A whole token. */
  example: string;
}

/** In the order in which they are offered. */
export const FILTER_KEYS: readonly KeyFacts[] = [
  { key: 'state', aliases: [], hint: 'TCP state', example: 'state:time-wait' },
  {
    key: 'dst',
    aliases: ['remote', 'destination'],
    hint: 'remote address, network or :port',
    example: 'dst:10.0.3.12:443',
  },
  { key: 'process', aliases: ['proc'], hint: 'part of a process name', example: 'process:python' },
  { key: 'pid', aliases: [], hint: 'process id', example: 'pid:4312' },
  { key: 'port', aliases: ['lport'], hint: 'local port or range', example: 'port:32768-40000' },
  { key: 'rport', aliases: ['dport'], hint: 'remote port or range', example: 'rport:443' },
  {
    key: 'src',
    aliases: ['local', 'source'],
    hint: 'local address, network or :port',
    example: 'src:10.0.0.0/8',
  },
  { key: 'age', aliases: [], hint: 'time since it was opened, or closed', example: 'age:>30s' },
  { key: 'timer', aliases: [], hint: 'time until the kernel timer fires', example: 'timer:<10s' },
  { key: 'attr', aliases: ['owner'], hint: 'how the owner is known', example: 'attr:inferred' },
  { key: 'uid', aliases: ['user'], hint: 'numeric user id', example: 'uid:998' },
  { key: 'side', aliases: [], hint: 'which end this machine is', example: 'side:client' },
  { key: 'family', aliases: [], hint: 'IPv4 or IPv6', example: 'family:6' },
  { key: 'queue', aliases: [], hint: 'bytes waiting in a queue', example: 'queue:>0' },
  { key: 'inode', aliases: [], hint: 'socket inode', example: 'inode:123456' },
];

/** The key with this name or alias, in any case; null when there is none. */
export function findKey(name: string): KeyFacts | null {
  const wanted = name.toLowerCase();
  return FILTER_KEYS.find((facts) => facts.key === wanted || facts.aliases.includes(wanted)) ?? null;
}
