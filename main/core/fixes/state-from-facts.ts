/** A machine's state from what tools printed on it: for imports, and for systems that are read through commands. */
import { formatPortList } from './ranges.ts';
import type { PortRange } from '../model.ts';
import type { Fact, SystemId } from '../readings.ts';
import { normalised, valueOf } from './known.ts';
import type { Known, PortUser, SystemState } from './model.ts';
import { autoReuseName, dynamicPortsName, excludedName, FAMILIES, registryName } from './windows/settings.ts';

export interface FactsInput {
  system: SystemId;
  facts: readonly Fact[];
  isLegacyWindows: boolean;
  tcpPorts: readonly PortUser[] | null;
}

/** What is not among the facts is not known: files and limits of processes are not in any listing. */
export function stateFromFacts({ system, facts, isLegacyWindows, tcpPorts }: FactsInput): SystemState {
  const values = new Map<string, Known>();
  const tell = (name: string, known: Known) => {
    if (!values.has(name)) values.set(name, known);
  };
  for (const fact of facts) readFact(fact, tell);
  if (system === 'windows') readExclusions(facts, tell);
  if (system === 'windows' && wasRegistryListed(facts)) {
    for (const name of ['TcpTimedWaitDelay', 'MaxUserPort']) tell(registryName(name), { kind: 'absent' });
  }
  return {
    system,
    isLegacyWindows,
    kernel: kernelOf(values.get('kernel.osrelease')),
    values,
    files: new Map(),
    laterFiles: new Map(),
    tcpPorts,
    udpPorts: null,
    processes: [],
  };
}

type Tell = (name: string, known: Known) => void;

function readFact(fact: Fact, tell: Tell): void {
  switch (fact.kind) {
    case 'setting':
      return tell(fact.name, valueOf(normalised(fact.value)));
    case 'absent':
      return tell(fact.name, { kind: 'absent' });
    case 'dynamic-ports':
      if (fact.protocol !== 'udp') tellFamilies(fact.family, `${fact.first} ${fact.count}`, tell);
      return;
    case 'registry':
      return tell(
        registryName(fact.name),
        fact.value === null ? { kind: 'absent' } : valueOf(String(fact.value)),
      );
    case 'auto-reuse-ports':
      return tell(autoReuseName(fact.setting), valueOf(`${fact.first} ${fact.count}`));
    default:
      return;
  }
}

/** An output that does not say which family it is of counts for both. */
function tellFamilies(family: 4 | 6 | null, text: string, tell: Tell): void {
  for (const each of family === null ? FAMILIES : [family]) tell(dynamicPortsName(each), valueOf(text));
}

function readExclusions(facts: readonly Fact[], tell: Tell): void {
  const told = facts.filter((fact) => fact.kind === 'excluded-ports');
  const wasAsked = told.length > 0;
  for (const family of FAMILIES) {
    const ranges = (isAdministered: boolean): PortRange[] =>
      told
        .filter((fact) => (fact.family ?? family) === family && fact.administered === isAdministered)
        .map(({ range }) => range);
    if (!wasAsked) continue;
    tell(excludedName(family, 'administered'), valueOf(formatPortList(ranges(true))));
    tell(excludedName(family, 'blocks'), valueOf(formatPortList(ranges(false))));
  }
}

/** The values are absent by default, so a listing of the key that lacks them says that they are not set. */
function wasRegistryListed(facts: readonly Fact[]): boolean {
  return facts.some(({ kind }) => kind === 'registry');
}

/** "6.18.44-generic"; null where it does not begin with a version. */
export function kernelOf(release: Known | undefined): SystemState['kernel'] {
  const parts = release?.kind === 'value' ? /^(\d{1,3})\.(\d{1,4})/.exec(release.text) : null;
  return parts ? { major: Number(parts[1]), minor: Number(parts[2]) } : null;
}
