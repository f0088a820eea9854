/** What would make a rate fit, each by itself, and the advice that would not. */
import type { Base } from './base.ts';
import { deriveFigures, finiteOrNull } from './figures.ts';
import {
  widerRange,
  withDestinations,
  withLateBinding,
  withRange,
  withRequestsPerConnection,
  withReuse,
  withServerClosing,
  withSourceAddresses,
  type Lever,
} from './levers.ts';
import type { OptionId, WhatIfEffective, WhatIfOption } from './model.ts';
import { sayRate } from '../words/figures.ts';
import { sayHolds } from '../words/what-if-figures.ts';

/** An option and the change it stands for; null: it changes nothing that counts here. */
export interface Candidate {
  id: OptionId;
  title: string;
  note: string;
  lever: Lever | null;
}

/** Every option for a load, those that help first, in the order in which they are worth trying. */
export function optionsFor(load: WhatIfEffective, base: Base): WhatIfOption[] {
  const options = candidatesFor(load, base).map((candidate) => optionOf(candidate, load));
  return [...options.filter((option) => option.helps), ...options.filter((option) => !option.helps)];
}

/** The same before they are weighed. */
export function candidatesFor(load: WhatIfEffective, base: Base): Candidate[] {
  return [
    keepAlive(load),
    ...reuse(load, base),
    ...range(load, base),
    source(load, base),
    ...lateBinding(load),
    destination(load),
    ...serverCloses(load, base),
    ...finTimeout(base),
  ];
}

function optionOf({ id, title, note, lever }: Candidate, load: WhatIfEffective): WhatIfOption {
  if (lever === null)
    return { id, title, note, holdsRatePerSecond: null, figure: 'no effect', helps: false, fits: false };
  const changed = lever(load);
  const rate = deriveFigures(changed).sustainableRate;
  const now = deriveFigures(load).sustainableRate;
  const helps = rate > now * (1 + 1e-9);
  const figure =
    id === 'keep-alive'
      ? `${sayRate(changed.connectionsPerSecond)}/s needed`
      : rate === Infinity
        ? 'any rate'
        : `${sayHolds(rate)}/s`;
  return {
    id,
    title,
    note,
    holdsRatePerSecond: finiteOrNull(rate),
    figure: helps ? figure : 'no effect',
    helps,
    fits: helps && load.ratePerSecond <= rate,
  };
}

function keepAlive(load: WhatIfEffective): Candidate {
  const requests = load.requestsPerConnection < 10 ? 10 : load.requestsPerConnection * 10;
  return {
    id: 'keep-alive',
    title: `Keep-alive, ${requests} requests each`,
    note: 'Best: removes the cause, no admin rights',
    lever: withRequestsPerConnection(requests),
  };
}

function reuse(load: WhatIfEffective, base: Base): Candidate[] {
  if (!base.isLinux || load.isReuseEffective) return [];
  return [
    {
      id: 'reuse',
      title: 'Reuse TIME_WAIT ports',
      note: 'tcp_tw_reuse = 1, timestamps on both ends',
      lever: withReuse,
    },
  ];
}

function range(load: WhatIfEffective, base: Base): Candidate[] {
  const widest = widerRange(load, base);
  if (widest === null) return [];
  const title = `Wider range ${widest.first}–${widest.last}`;
  return [
    { id: 'wider-range', title, note: 'Reserve ports that services listen on', lever: withRange(widest) },
  ];
}

function source(load: WhatIfEffective, base: Base): Candidate {
  if (base.kind === 'middlebox') {
    const lever = withSourceAddresses(load.sourceAddresses + 1);
    return { id: 'source-address', title: 'One more NAT address', note: 'With as many ports again', lever };
  }
  return {
    id: 'source-address',
    title: 'One more source address',
    note: load.scope === 'host' ? 'One pool for all addresses of this host' : 'Clients must bind to it',
    lever: load.scope === 'host' ? null : withSourceAddresses(load.sourceAddresses + 1),
  };
}

function lateBinding(load: WhatIfEffective): Candidate[] {
  if (load.scope !== 'address' || load.destinations < 2) return [];
  const title = 'Let connect() choose the port';
  return [
    { id: 'bind-no-port', title, note: 'IP_BIND_ADDRESS_NO_PORT before bind()', lever: withLateBinding },
  ];
}

function destination(load: WhatIfEffective): Candidate {
  const isCounted = load.scope === 'destination';
  return {
    id: 'destination',
    title: 'One more destination address',
    note: isCounted ? 'Each destination is counted apart' : 'One pool for all destinations here',
    lever: isCounted ? withDestinations(load.destinations + 1) : null,
  };
}

function serverCloses(load: WhatIfEffective, base: Base): Candidate[] {
  if (load.activeCloseShare === 0 || base.kind === 'middlebox') return [];
  const note = 'The side that closes first keeps TIME_WAIT; a server has ports enough';
  return [{ id: 'server-closes', title: 'Let the server close first', note, lever: withServerClosing }];
}

function finTimeout(base: Base): Candidate[] {
  if (!base.isLinux) return [];
  const note = 'It sets FIN_WAIT_2, not TIME_WAIT';
  return [{ id: 'fin-timeout', title: 'Shorter tcp_fin_timeout', note, lever: null }];
}
