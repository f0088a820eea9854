/**
 * Hides what a person asked to be hidden, in every text of a report: verdict, findings, pools, sockets, transcripts.
 * Works on the values before they are rendered, so that every format hides the same.
 */
import type { KnownNames, Redaction, ReportInput } from './model.ts';
import { outsideMarks, Pseudonyms, withoutMarks, type HiddenKind } from './pseudonyms.ts';
import { findAddresses, replaceAddresses } from './redact-addresses.ts';
import { hideDomains, hideHolders, hideNames, type Step } from './redact-names.ts';

/** Turns a text into one that hides what was asked; `key` names what the text is, where that is known. */
export type Redactor = (text: string, key?: string) => string;

const HIDDEN_COMMAND_LINE = '[command line hidden]';

const WORDS: Record<Redaction, string> = {
  addresses: 'addresses of machines (loopback and wildcards stay)',
  hosts: 'names of hosts and files',
  processes: 'names of processes, units, containers and users, and command lines',
};

/** What hides the value of a field whole, however short or strange it is. */
const WHOLE: ReadonlyMap<string, { asked: Redaction; kind: HiddenKind }> = new Map<
  string,
  { asked: Redaction; kind: HiddenKind }
>([
  ['process', { asked: 'processes', kind: 'process' }],
  ['parentProcess', { asked: 'processes', kind: 'process' }],
  ['runtime', { asked: 'processes', kind: 'process' }],
  ['unit', { asked: 'processes', kind: 'unit' }],
  ['container', { asked: 'processes', kind: 'container' }],
  ['hostname', { asked: 'hosts', kind: 'host' }],
]);

/** Keys whose texts are words of ours and carry nothing from outside. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'level',
  'rule',
  'fixId',
  'kind',
  'confidence',
  'code',
  'source',
  'figures',
  'version',
  'timeZone',
]);

/** Short texts come again and again, cells of a socket list above all. */
const REMEMBERED_TEXTS = 20_000;
const REMEMBERED_CHARACTERS = 256;

/** A redactor for `asked`; the same thing gets the same name as long as one redactor is used. */
export function createRedactor(
  asked: ReadonlySet<Redaction>,
  known: KnownNames & { addresses?: ReadonlySet<string> },
): Redactor {
  const pseudonyms = new Pseudonyms();
  const steps = stepsFor(asked, known, pseudonyms);
  // Only where a tool printed it: "470/s" of a sentence is no process of netstat's.
  const outputSteps = asked.has('processes') ? [hideHolders(pseudonyms), ...steps] : steps;
  const redact = (text: string, key: string): string => {
    if (key === 'commandLine' && asked.has('processes')) return HIDDEN_COMMAND_LINE;
    const whole = WHOLE.get(key);
    if (whole && asked.has(whole.asked) && text !== '')
      return pseudonyms.reveal(pseudonyms.of(whole.kind, text.toLowerCase()));
    const chosen = key === 'output' ? outputSteps : steps;
    return pseudonyms.reveal(chosen.reduce((shown, step) => outsideMarks(shown, step), withoutMarks(text)));
  };
  const remembered = new Map<string, string>();
  return (text, key = '') => {
    if (text.length > REMEMBERED_CHARACTERS || key === 'output') return redact(text, key);
    const memory = `${WHOLE.has(key) || key === 'commandLine' ? key : ''} ${text}`;
    const before = remembered.get(memory);
    if (before !== undefined) return before;
    const shown = redact(text, key);
    if (remembered.size < REMEMBERED_TEXTS) remembered.set(memory, shown);
    return shown;
  };
}

/**
 * Addresses go before names, of which one may be a part of an address ("db8", "10"); names that hold an address
 * ("ip-10-0-3-12") go first.
 */
function stepsFor(
  asked: ReadonlySet<Redaction>,
  known: KnownNames & { addresses?: ReadonlySet<string> },
  pseudonyms: Pseudonyms,
): Step[] {
  const addresses = known.addresses ?? new Set<string>();
  const hideAddresses: Step = (text) =>
    replaceAddresses(text, addresses, (kind, identity) => pseudonyms.of(kind, identity));
  const holdsAddress = (name: string) => replaceAddresses(name, addresses, () => '') !== name;
  const named: [HiddenKind, readonly string[]][] = [];
  if (asked.has('hosts')) named.push(['host', withShortForms(known.hosts)], ['file', known.files]);
  if (asked.has('processes')) named.push(['process', known.processes], ['user', known.users]);
  const first: Step[] = [];
  const last: Step[] = [];
  for (const [kind, names] of named) {
    first.push(hideNames(kind, names.filter(holdsAddress), pseudonyms));
    last.push(
      hideNames(
        kind,
        names.filter((name) => !holdsAddress(name)),
        pseudonyms,
      ),
    );
  }
  if (asked.has('addresses')) first.push(hideAddresses);
  if (asked.has('hosts')) last.push(hideDomains(pseudonyms));
  return [...first, ...last];
}

/** The whole report with everything asked for hidden, and a word on what was. */
export function redactReport(
  input: ReportInput,
  asked: ReadonlySet<Redaction>,
  known: KnownNames,
): ReportInput {
  if (asked.size === 0) return input;
  const redact = createRedactor(asked, {
    hosts: [input.summary.target.hostname, ...known.hosts],
    files: [...filesOf(input), ...known.files],
    processes: [...processesOf(input), ...known.processes],
    users: known.users,
    addresses: addressesOf(input),
  });
  const hidden = mapTexts({ ...input, checks: [] }, redact) as ReportInput;
  return { ...hidden, checks: input.checks, redactions: [...asked].map((kind) => WORDS[kind]) };
}

type TextOf = (text: string, key: string) => string;

function mapTexts(value: unknown, textOf: TextOf, key = ''): unknown {
  if (typeof value === 'string') return OWN_WORDS.has(key) ? value : textOf(value, key);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, textOf, key));
  if (typeof value !== 'object' || value === null) return value;
  if (isSocketTable(value))
    return { ...value, rows: value.rows.map((row) => redactRow(value.heads, row, textOf)) };
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, textOf, name)]),
  );
}

type SocketTable = NonNullable<ReportInput['sockets']>;

function isSocketTable(value: object): value is SocketTable {
  return 'heads' in value && 'rows' in value;
}

function redactRow(heads: readonly string[], row: readonly string[], textOf: TextOf): string[] {
  return row.map((cell, at) => (cell === '' ? cell : textOf(cell, camelCased(heads[at] ?? ''))));
}

/** "command_line" as the field of the model. */
function camelCased(head: string): string {
  return head.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** Every address of the report, so that each is found in every notation. */
function addressesOf(input: ReportInput): Set<string> {
  const found = new Set<string>();
  mapTexts({ ...input, checks: [] }, (text) => {
    findAddresses(text, found);
    return text;
  });
  return found;
}

function filesOf({ summary }: ReportInput): string[] {
  return summary.origin.kind === 'imported' ? summary.origin.files.map(({ name }) => name) : [];
}

function processesOf({ summary, sockets }: ReportInput): string[] {
  const names = [
    ...summary.consumers.flatMap(({ process, unit, container, group }) => [
      process,
      unit,
      container,
      group?.parentProcess ?? null,
    ]),
    ...summary.pools.flatMap(({ owners }) => owners.map(({ process }) => process)),
    ...summary.listeners.map(({ process }) => process),
  ];
  const columns = ['process', 'unit', 'container'].map((head) => sockets?.heads.indexOf(head) ?? -1);
  const cells = (sockets?.rows ?? []).flatMap((row) => columns.map((at) => row[at] ?? null));
  return [...new Set([...names, ...cells])].filter((name): name is string => name !== null && name !== '');
}

/** "ci-runner-07.example.net" is also known as "ci-runner-07". */
function withShortForms(hosts: readonly string[]): string[] {
  return hosts.flatMap((host) => [host, host.split('.')[0] ?? host]).filter((host) => host !== 'localhost');
}
