/** Advice in circulation that does not help or harms, in the words of core/folklore.ts. Never carried out. */
import { FOLKLORE } from '../folklore.ts';
import type { SystemId } from '../readings.ts';
import type { AdviceEntry } from './model.ts';

type Parts = Pick<AdviceEntry, 'id' | 'title' | 'verdict' | 'insteadFixId'> & {
  platforms: readonly SystemId[];
  /** Entry of the folklore that explains it, where not of the same id. */
  told?: string;
};

const LINUX: readonly SystemId[] = ['linux'];
const WINDOWS: readonly SystemId[] = ['windows'];
const ALL: readonly SystemId[] = ['linux', 'windows', 'macos', 'freebsd'];

const PARTS: readonly Parts[] = [
  {
    id: 'advice-fin-timeout',
    told: 'tcp-fin-timeout',
    platforms: LINUX,
    title: 'Lower tcp_fin_timeout against TIME_WAIT',
    verdict: 'does not help',
    insteadFixId: 'app-keep-alive',
  },
  {
    id: 'advice-tw-recycle',
    told: 'tw-recycle',
    platforms: LINUX,
    title: 'Turn on tcp_tw_recycle',
    verdict: 'is gone',
    insteadFixId: 'linux-tw-reuse',
  },
  {
    id: 'advice-linger-0',
    told: 'so-linger-0',
    platforms: ALL,
    title: 'Close with SO_LINGER and 0 seconds',
    verdict: 'harms',
    insteadFixId: 'app-keep-alive',
  },
  {
    id: 'advice-range-61000',
    told: 'range-61000',
    platforms: LINUX,
    title: 'Set ip_local_port_range to 32768 61000',
    verdict: 'hardly helps',
    insteadFixId: 'linux-widen-range',
  },
  {
    id: 'advice-lower-tw-buckets',
    told: 'max-tw-buckets',
    platforms: LINUX,
    title: 'Lower tcp_max_tw_buckets',
    verdict: 'harms',
    insteadFixId: 'linux-tw-reuse',
  },
  {
    id: 'advice-max-user-port',
    told: 'max-user-port',
    platforms: WINDOWS,
    title: 'Set MaxUserPort on Windows since Vista',
    verdict: 'does not help',
    insteadFixId: 'windows-widen-range',
  },
];

/** Not among the questions that What-if answers: a command that makes it worse. */
const NUM_1000: AdviceEntry = {
  id: 'advice-num-1000',
  platforms: WINDOWS,
  title: 'Run netsh int ipv4 set dynamicport tcp start=10000 num=1000',
  verdict: 'harms',
  really:
    'It leaves 1,000 ports, 10000–10999, where the default has 16,384: at 120 s of TIME_WAIT that is 8.3 connections/s instead of 136. The number is a count, not an end.',
  insteadFixId: 'windows-widen-range',
  source: 'Microsoft KB 929851',
};

export const ADVICE: readonly AdviceEntry[] = [...PARTS.map(entryOf), NUM_1000];

function entryOf({ told, ...parts }: Parts): AdviceEntry {
  const entry = FOLKLORE.find(({ id }) => id === told);
  if (!entry) throw new Error(`there is no folklore ${told}`);
  return { ...parts, really: entry.really, source: entry.source };
}
