/** The one sentence about this machine's ports, from its pools and findings. Words: the interface design, "Wording". */
import { compareLevels, FORECAST_FROM_SHARE, quietConcern, worstPool, type Concern } from '../assess.ts';
import type { SettledFinding } from '../findings/settle.ts';
import type { Level, Pool, Span, StackSettings, Thresholds, Verdict } from '../model.ts';
import { sayNoPorts, sayNothingInUse, sayPool } from './pool-sentence.ts';
import { text } from './spans.ts';

export interface Trust {
  confidence: Verdict['confidence'];
  reason: string;
  sources: string[];
}

export interface VerdictInput {
  pools: readonly Pool[];
  /** Ports that a new pool would have. */
  capacity: number;
  settings: StackSettings;
  /** What the findings were judged by; absent: the usual ones. */
  thresholds?: Thresholds;
  trust: Trust;
  /** What the rules found, settled (see core/findings/settle.ts). */
  findings: readonly SettledFinding[];
  /** What there is to say of the fullest pool where no finding speaks, settled; absent: as it is in this sample. */
  quiet?: Concern;
  /** Seconds of samples so far and how many a forecast needs, where sockets have no timers; null or absent elsewhere. */
  watch?: { seconds: number; neededSeconds: number } | null;
  /** True when it speaks of files and the time they were made, not of now. */
  isImported?: boolean;
}

/** Concerns that a rule of the same name turns into a finding: "pool-full", "pool-runs-out". */
export const POOL_RULE_CONCERNS: Readonly<Record<string, Concern>> = {
  'pool-exhausted': 'full',
  'pool-runs-out': 'runs out',
  'pool-nearly-full': 'nearly full',
  'pool-slow': 'slow',
  'pool-high-rate': 'high rate',
};

/**
 * One level and one sentence. The worst finding speaks when it is a warning or worse; it rises at once and falls as
 * findings do (settle.ts), so that the verdict does not flap. Else the fullest pool speaks, as a notice at most, and as
 * steadily.
 */
export function sayVerdict(input: VerdictInput): Verdict {
  const verdict = judgeNow(input);
  return input.isImported ? atTheDump(verdict) : verdict;
}

function judgeNow(input: VerdictInput): Verdict {
  const { pools, capacity, settings, trust, findings, quiet, watch } = input;
  if (capacity === 0) return finish('critical', sayNoPorts(settings), null, trust);
  const worst = worstFinding(findings);
  if (watch && isTooEarly(watch, input, worst)) return finish('unknown', sayTooEarly(watch), null, trust);
  if (worst) return sayFinding(worst, pools, settings, trust);
  const fullest = worstPool(pools, input.thresholds)?.pool ?? null;
  if (fullest === null || fullest.used === 0) return finish('ok', sayNothingInUse(settings), null, trust);
  const concern = quiet ?? quietConcern(fullest).concern;
  return finish(
    concern === 'none' ? 'ok' : 'notice',
    sayPool(concern, fullest, settings),
    fullest.key,
    trust,
  );
}

/** What is said when nothing could be measured, and why. */
export function sayUnknown(why: string): Verdict {
  const spans = [text('Cannot say: '), text(why)];
  return finish('unknown', spans, null, { confidence: 'low', reason: 'nothing was measured', sources: [] });
}

/**
 * Whether nothing can be said yet: ports are in use, no finding rests on what is seen now, and what becomes of them
 * rests on too few samples. A pool that would be full before the samples are there is spoken of all the same.
 */
function isTooEarly(
  watch: NonNullable<VerdictInput['watch']>,
  { pools, thresholds }: VerdictInput,
  worst: SettledFinding | null,
): boolean {
  const leftSeconds = watch.neededSeconds - watch.seconds;
  if (leftSeconds <= 0) return false;
  if (worst && POOL_RULE_CONCERNS[worst.finding.rule] !== 'runs out') return false;
  if (worst) {
    const pool = pools.find(({ key }) => key === worst.finding.poolKey);
    return (pool?.exhaustion.inSeconds ?? Infinity) > leftSeconds;
  }
  return (worstPool(pools, thresholds)?.pool.usedRatio ?? 0) >= FORECAST_FROM_SHARE;
}

/** "Cannot say yet: 12 s of samples; without socket timers (Windows, macOS) a forecast needs 60 s." */
function sayTooEarly({ seconds, neededSeconds }: NonNullable<VerdictInput['watch']>): Span[] {
  return [
    text(`Cannot say yet: ${Math.floor(seconds)} s of samples; without socket timers (Windows, macOS) `),
    text(`a forecast needs ${neededSeconds} s.`),
  ];
}

function worstFinding(findings: readonly SettledFinding[]): SettledFinding | null {
  let worst: SettledFinding | null = null;
  for (const settled of findings) {
    if (compareLevels(settled.finding.level, 'warning') < 0) continue;
    if (worst === null || compareLevels(settled.finding.level, worst.finding.level) > 0) worst = settled;
  }
  return worst;
}

/** A finding about a pool speaks with the pool's figures of this sample; a held one repeats its last words. */
function sayFinding(
  { finding, isHeld }: SettledFinding,
  pools: readonly Pool[],
  settings: StackSettings,
  trust: Trust,
): Verdict {
  const pool = pools.find((candidate) => candidate.key === finding.poolKey);
  const concern = POOL_RULE_CONCERNS[finding.rule];
  const spans = pool && concern && !isHeld ? sayPool(concern, pool, settings) : [text(finding.sentence)];
  return finish(finding.level, spans, finding.poolKey, trust);
}

/** "At the time of the dump, port pool to 10.0.3.12:443 is full …". */
function atTheDump(verdict: Verdict): Verdict {
  const [first, ...rest] = verdict.spans;
  const begun = (first?.text ?? '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  const spans = [text('At the time of the dump, '), ...(first ? [{ ...first, text: begun }] : []), ...rest];
  return { ...verdict, spans, sentence: spans.map((span) => span.text).join('') };
}

function finish(level: Level, spans: Span[], poolKey: string | null, trust: Trust): Verdict {
  return {
    level,
    sentence: spans.map((span) => span.text).join(''),
    spans,
    poolKey,
    confidence: trust.confidence,
    confidenceReason: trust.reason,
    sources: trust.sources,
  };
}
