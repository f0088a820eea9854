/** What-if in sentences: the verdict with its arithmetic, the smallest change, two options together. */
import type { Span } from '../model.ts';
import type { Figures } from '../what-if/figures.ts';
import type { OptionId, WhatIfEffective, WhatIfLimit, WhatIfVerdict } from '../what-if/model.ts';
import type { Change, SmallestChange } from '../what-if/smallest-change.ts';
import { sayCount, sayDuration, sayPercent, sayRate } from './figures.ts';
import { joined, listed, mono, strong, text } from './spans.ts';
import { sayHolds, sayNumberOf, saySeconds } from './what-if-figures.ts';

/** Use from which a load that holds is worth a notice. */
const NOTICE_SHARE = 0.8;

/** The answer in one sentence, its level, and the arithmetic. A what-if is a warning at most: nothing has happened. */
export function sayWhatIf(
  load: WhatIfEffective,
  figures: Figures,
  limits: readonly WhatIfLimit[],
): WhatIfVerdict {
  const detail = arithmetic(load, figures);
  const failing = limits.find((limit) => !limit.holds && limit.id !== 'time-wait-sockets');
  if (figures.fromInUseSeconds !== null)
    return { level: 'warning', ...joined(runsOut(load, figures)), detail };
  if (failing)
    return { level: 'warning', ...joined(otherLimit(load, failing)), detail: otherArithmetic(failing) };
  const isSlow = figures.slowFrom !== null && figures.steadyInUse > figures.slowFrom;
  const level = isSlow || figures.steadyShare >= NOTICE_SHARE ? 'notice' : 'ok';
  return { level, ...joined(neverRunsOut(load, figures, isSlow)), detail };
}

function runsOut(load: WhatIfEffective, figures: Figures): Span[] {
  const after = figures.fromInUseSeconds ?? 0;
  const holds = figures.sustainableRate;
  const start = [...atRate(load), text(`, ${load.profileName} `)];
  const end =
    holds >= load.ratePerSecond
      ? [text('; once those in use are back it holds.')]
      : [text('. It can hold '), strong(`${sayHolds(holds)}/s`), text(' indefinitely.')];
  if (after === 0) return [...start, strong('has no port left now'), ...end];
  return [...start, text('runs out of ports after '), strong(sayDuration(after)), ...end];
}

function otherLimit(load: WhatIfEffective, limit: WhatIfLimit): Span[] {
  return [
    ...atRate(load),
    text(`, ${load.profileName} has ports enough, but `),
    strong(lowered(limit.title)),
    text(' for only '),
    strong(`${sayHolds(limit.holdsRatePerSecond ?? 0)}/s`),
    text('.'),
  ];
}

function otherArithmetic(limit: WhatIfLimit): string {
  return `It needs ${sayCount(limit.needed)} and has ${sayCount(limit.capacity)}; when full, ${limit.note}.`;
}

function neverRunsOut(load: WhatIfEffective, figures: Figures, isSlow: boolean): Span[] {
  const start = [...atRate(load), text(`, ${load.profileName} `), strong('never runs out')];
  if (figures.lockSeconds === 0) return [...start, text(' of ports: no port stays locked.')];
  const level = sayPercent(figures.steadyShare);
  const settles = [text(' of ports: it levels off at '), strong(figures.steadyShare >= 1 ? '100%' : level)];
  if (isSlow) return [...start, ...settles, text('. Past half, connect() gets slow.')];
  return [...start, ...settles, text('.')];
}

function atRate(load: WhatIfEffective): Span[] {
  const { requestsPerConnection, destinations, sourceAddresses } = load;
  const things = requestsPerConnection === 1 ? 'connection' : 'request';
  const unit = `${things}${load.ratePerSecond === 1 ? '' : 's'}/s`;
  const each = requestsPerConnection === 1 ? '' : `, ${sayRate(requestsPerConnection)} on each connection,`;
  const from = sourceAddresses === 1 ? '' : ` from ${sayCount(sourceAddresses)} addresses`;
  return [
    text('At '),
    strong(`${sayRate(load.ratePerSecond)} ${unit}`),
    text(`${each} to ${sayNumberOf(destinations, 'destination', 'destinations')}${from}`),
  ];
}

function arithmetic(load: WhatIfEffective, figures: Figures): string {
  const { poolCount, capacity } = figures;
  const has = poolCount === 1 ? `The ${poolWord(load)} has` : `The ${sayCount(poolCount)} pools have`;
  const start =
    figures.lockSeconds === 0 ? 'Nothing keeps a port after the close.' : whatLocks(load, figures);
  const needed = Math.ceil(figures.steadyInUse - 1e-9);
  return `${start}, so ${sayRate(load.ratePerSecond)}/s needs ${sayCount(needed)} ${needed === 1 ? 'port' : 'ports'}. ${has} ${sayCount(capacity)}.`.replace(
    '., so',
    ':',
  );
}

function whatLocks(load: WhatIfEffective, { waitSeconds, lockSeconds }: Figures): string {
  const { connectionSeconds, activeCloseShare, isReuseEffective } = load;
  const wait = `${saySeconds(waitSeconds)}${isReuseEffective ? ' until it is reused' : ''}`;
  if (connectionSeconds === 0 && activeCloseShare === 1)
    return `Each closed connection locks its port for ${wait}`;
  if (activeCloseShare === 0)
    return `Each connection keeps its port for the ${saySeconds(connectionSeconds)} it is open`;
  const share = activeCloseShare === 1 ? '' : ` for the ${sayPercent(activeCloseShare)} closed by this side`;
  return `Each connection keeps its port for ${saySeconds(lockSeconds)} (${saySeconds(connectionSeconds)} open, then ${wait}${share})`;
}

function poolWord(load: WhatIfEffective): string {
  return load.isPortCountGiven ? 'pool' : 'range';
}

/** One sentence for the smallest change. */
export function saySmallestChange({ ports, raise }: SmallestChange): { sentence: string; spans: Span[] } {
  const changes = ports.map(changeSpans);
  const raises = raise.map(({ title, needed }) => [
    text(`raise the limit of ${lowered(title)} to `),
    strong(sayCount(needed)),
  ]);
  const all = [...(changes.length > 0 ? [listed(changes, 'or')] : []), ...raises];
  return joined([text('Smallest change: '), ...listed(all, 'and'), text('.')]);
}

function changeSpans(change: Change): Span[] {
  switch (change.kind) {
    case 'keep-alive':
      return [text('let each connection carry '), strong(`${sayCount(change.requests)} requests`)];
    case 'bind-no-port':
      return [text('set '), mono('IP_BIND_ADDRESS_NO_PORT'), text(' before bind()')];
    case 'range':
      return [text('widen the range to '), mono(`${change.range.first}–${change.range.last}`)];
    case 'destinations':
      return [text('spread the load over '), strong(`${sayCount(change.count)} destinations`)];
    case 'source-addresses':
      return [text('connect from '), strong(`${sayCount(change.count)} source addresses`)];
    case 'reuse':
      return [text('set '), mono('tcp_tw_reuse = 1'), text(' with timestamps on both ends')];
    case 'slow-down':
      return [text('open no more than '), strong(`${sayHolds(change.ratePerSecond)}/s`)];
  }
}

const TOGETHER: Partial<Record<OptionId, string>> = {
  'keep-alive': 'keep-alive',
  reuse: 'reuse of TIME_WAIT ports',
  'wider-range': 'a wider range',
  'source-address': 'one more source address',
  destination: 'one more destination address',
};

/** "Options multiply. A wider range and one more source address together hold 2,150/s." */
export function sayCombination(
  ids: readonly OptionId[],
  holdsRate: number,
): { sentence: string; spans: Span[] } {
  const names = ids.map((id) => TOGETHER[id] ?? id).join(' and ');
  const named = names.charAt(0).toUpperCase() + names.slice(1);
  return joined([
    text(`Options multiply. ${named} together hold `),
    strong(`${sayHolds(holdsRate)}/s`),
    text('.'),
  ]);
}

/** Titles that are names of settings keep their case. */
function lowered(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
