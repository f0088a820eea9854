/**
 * A strict reader of OpenMetrics 1.0 text, written from the specification (sections "Text format", "MetricFamily",
 * "Gauge"): throws at the first line that breaks a rule. Knows what we write: gauges.
 */
export interface MetricFamily {
  type: string;
  unit: string | null;
  help: string | null;
  samples: { labels: Record<string, string>; value: number }[];
}

const METADATA = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
/** `number` of the specification's ABNF. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$|^[+-]?inf(?:inity)?$|^nan$/i;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
/** Suffixes that stand for something else in families of other types. */
const RESERVED = /_(?:total|created|bucket|count|sum|gcount|gsum)$/;
const ORDER = ['TYPE', 'UNIT', 'HELP'];

export function parseOpenMetrics(text: string): Map<string, MetricFamily> {
  if (!text.endsWith('\n# EOF\n')) throw new Error('it does not end with "# EOF" and a line feed');
  if (text.includes('\r')) throw new Error('a carriage return stands outside of what may have one');
  const families = new Map<string, MetricFamily & { said: string[] }>();
  let current: string | null = null;
  const family = (name: string, line: string) => {
    const known = families.get(name);
    if (known && current !== name) throw new Error(`the family is interleaved with another: ${line}`);
    current = name;
    if (known) return known;
    if (RESERVED.test(name)) throw new Error(`the name of a gauge ends as another's: ${line}`);
    const made = { type: 'unknown', unit: null, help: null, samples: [], said: [] };
    families.set(name, made);
    return made;
  };
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const said = METADATA.exec(line);
    if (said) describe(family(said[2] ?? '', line), said, line);
    else addSample(family, line);
  }
  for (const [name, { type, samples, unit }] of families) {
    if (type !== 'gauge') throw new Error(`${name} is of type ${type}`);
    if (unit !== null && !name.endsWith(`_${unit}`)) throw new Error(`${name} does not end with its unit`);
    const keys = samples.map(({ labels }) => JSON.stringify(Object.entries(labels).sort()));
    if (new Set(keys).size < keys.length) throw new Error(`${name} has two samples of the same labels`);
  }
  return new Map([...families].map(([name, { said: _, ...rest }]) => [name, rest]));
}

function describe(family: MetricFamily & { said: string[] }, match: RegExpExecArray, line: string): void {
  const [, what = '', , value = ''] = match;
  if (family.samples.length > 0) throw new Error(`metadata comes after samples: ${line}`);
  const last = family.said.at(-1);
  if (last !== undefined && ORDER.indexOf(what) <= ORDER.indexOf(last))
    throw new Error(`metadata is doubled or out of order: ${line}`);
  family.said.push(what);
  if (what === 'TYPE') family.type = value;
  if (what === 'UNIT') family.unit = value;
  if (what === 'HELP') family.help = unescaped(value, line);
}

function addSample(family: (name: string, line: string) => MetricFamily, line: string): void {
  const match = SAMPLE.exec(line);
  const [, name = '', labels = '', value = ''] = match ?? [];
  if (!match || !NUMBER.test(value)) throw new Error(`neither metadata nor a sample: ${line}`);
  family(name, line).samples.push({ labels: labelsOf(labels, line), value: Number(value) });
}

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== '';) {
    const label = LABEL.exec(rest);
    const [whole = '', name = '', value = ''] = label ?? [];
    if (!label || name in labels || name.startsWith('__')) throw new Error(`its labels are wrong: ${line}`);
    labels[name] = unescaped(value, line);
    rest = rest.slice(whole.length);
  }
  return labels;
}

function unescaped(value: string, line: string): string {
  if (/(?<!\\)(?:\\\\)*\\(?![\\"n])/.test(value)) throw new Error(`an escape is none: ${line}`);
  return value.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
