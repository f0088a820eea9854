import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCsv, renderCsv } from '../../../main/report/csv.ts';
import { escapeMarkdown } from '../../../main/report/escape.ts';
import { renderHtml } from '../../../main/report/html.ts';
import { renderJson } from '../../../main/report/json.ts';
import { renderMarkdown } from '../../../main/report/markdown.ts';
import { cutTranscript } from '../../../main/report/transcript.ts';
import { trendSvg } from '../../../main/report/trend-svg.ts';
import { csvLine } from '../../../main/sampling/query/csv.ts';
import { quietSummary } from '../../support/fake-sampler.ts';
import { incidentSummary } from '../../support/incident.ts';
import { aReport, aTranscript } from '../../support/report.ts';

const HOSTILE = "<img src=x onerror=alert(1)>](javascript:alert(1)) \"=cmd|'/c calc'!A0";

function hostileReport() {
  const summary = incidentSummary();
  const [first, ...others] = summary.consumers;
  if (!first) throw new Error('the incident has consumers');
  return aReport({
    summary: {
      ...summary,
      target: { ...summary.target, hostname: HOSTILE },
      consumers: [{ ...first, process: HOSTILE, commandLine: HOSTILE, unit: HOSTILE }, ...others],
      verdict: { ...summary.verdict, sentence: HOSTILE },
    },
    transcripts: [
      aTranscript({ title: HOSTILE, command: HOSTILE, output: '</pre><script>1</script>\n```\n# x\n' }),
    ],
  });
}

describe('HTML', () => {
  test('names the verdict, each finding with what it rests on, pools, settings, checks, changes and transcripts', () => {
    const html = renderHtml(aReport());
    expect([...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)).toEqual([
      'Findings',
      'Ports in use',
      'Who uses the ports',
      'The machine',
      'What was changed',
      'Transcripts',
    ]);
    expect(html).toContain('The pool to 10.0.3.12:443 runs out');
    expect(html).toContain('<a href="#transcript-1">');
    expect(html).toContain('Nothing was changed by Fourtuple.');
    expect(html.match(/role="img"/g)).toHaveLength(2);
    expect(html.match(/<table/g)?.length).toBe(html.match(/<caption>/g)?.length);
  });

  test('T2: needs nothing else and runs nothing', () => {
    const html = renderHtml(hostileReport());
    expect(html).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;`);
    expect(html).not.toMatch(/<(?:script|img|iframe|link|object|form)\b/i);
    expect(html).not.toMatch(/(?:src|href)="(?!#)/);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  test('says so where there is nothing', () => {
    const html = renderHtml(aReport({ summary: quietSummary(), trends: [], transcripts: [] }));
    expect(html).toContain('No finding: every check passed.');
    expect(html).toContain('No outgoing connection: no pool is in use.');
    expect(html).toContain('no pool in use');
    expect(html).not.toMatch(/undefined|NaN|null|Infinity|\[object/);
  });

  test('says that a list of sockets is longer than what it shows', () => {
    const rows = Array.from({ length: 1500 }, () => [
      'TIME_WAIT',
      '2001:db8::1',
      '40000',
      '2001:db8::2',
      '443',
    ]);
    const heads = ['state', 'local_address', 'local_port', 'remote_address', 'remote_port'];
    const html = renderHtml(aReport({ sockets: { heads, rows } }));
    expect(html).toContain('Sockets: the first 1,000 of 1,500; the CSV report has all');
    expect(html).toContain('[2001:db8::2]:443');
  });
});

describe('Markdown', () => {
  test('T2: names cannot become markup, links, cells, mentions or an end of a transcript', () => {
    const text = renderMarkdown(hostileReport());
    const outside = text.replace(/````text\n[\s\S]*?\n````/g, '');
    expect(outside).not.toMatch(/(?<!\\)<img/);
    expect(outside).not.toMatch(/(?<!\\)\]\(/);
    const rows = text.split('\n').filter((line) => line.includes('onerror') && line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)?.length).toBeLessThanOrEqual(10);
    expect(text).toMatch(/\n````text\n[\s\S]*```\n# x\n````\n/);
  });

  test.each([
    ['# a', '\\# a'],
    ['- a', '\\- a'],
    ['1. a', '1\\. a'],
    ['a-b 2026-11-20', 'a-b 2026-11-20'],
    ['a\n# b', 'a # b'],
    [
      '*a* _b_ `c` [d](e) <f> ~g~ &amp; $h$ a|b',
      '\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\~g\\~ \\&amp; \\$h\\$ a\\|b',
    ],
    ['@everyone', '@\u2060everyone'],
    ['https://x', 'https\u2060://x'],
  ])('escapes %j', (given, shown) => {
    expect(escapeMarkdown(given)).toBe(shown);
  });
});

test('JSON carries the values, under the name of its schema', () => {
  const report: unknown = JSON.parse(renderJson(aReport()));
  expect(report).toMatchObject({
    schema: 'fourtuple.report/1',
    takenAt: '2026-11-20T14:32:07.000Z',
    verdict: { level: 'critical' },
    pools: [{ used: 25_691, capacity: 28_232 }, {}, {}, {}, {}],
    transcripts: [{ command: 'ss -tanpoie', startedAt: '2026-11-20T14:32:08.000Z' }, {}],
    changes: [],
    sockets: null,
  });
});

describe('CSV', () => {
  test('T2: no cell is a formula', () => {
    const heads = ['process'];
    const rows = ['=1+1', '+1', '-1', '@SUM', '\tx', '\rx', 'plain', 'a"b,c'].map((cell) => [cell]);
    expect(renderCsv({ heads, rows })).toBe(
      'process\r\n\'=1+1\r\n\'+1\r\n\'-1\r\n\'@SUM\r\n\'\tx\r\n"\'\rx"\r\nplain\r\n"a""b,c"\r\n',
    );
  });

  test('reads what the export of sockets writes, without what guards spreadsheets', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",a \u2028é'), maxLength: 8 });
    const record = fc.array(
      cell.filter((text) => !text.startsWith("'")),
      { minLength: 2, maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        const parsed = parseCsv(records.map((cells) => csvLine(cells)).join(''));
        const [, ...rows] = records;
        expect(parsed?.rows).toEqual(rows);
        if (parsed) expect(parseCsv(renderCsv(parsed))?.rows).toEqual(rows);
      }),
    );
  });

  test('refuses a quote without end', () => {
    expect(parseCsv('a\r\n"b')).toBeNull();
    expect(parseCsv('')).toEqual({ heads: [], rows: [] });
  });
});

describe('transcripts', () => {
  test('T1: nothing in them acts on whoever reads them; tabs and lines stay', () => {
    expect(cutTranscript('a\tb\r\n\x1b[2J\u202ec\n')).toEqual({
      output: 'a\tb\n\\x1b[2J\\u202ec\n',
      isCut: false,
    });
  });

  test('end after 64 Ki characters with a whole line', () => {
    const { output, isCut } = cutTranscript('0123456789 abcdef\n'.repeat(10_000));
    expect(isCut).toBe(true);
    expect(output.length).toBeLessThanOrEqual(65_536);
    expect(output.endsWith('0123456789 abcdef\n')).toBe(true);
  });

  test('a line without end is cut at a space: half a name is not that name', () => {
    const { output } = cutTranscript(`${'x'.repeat(3990)} secret-name ${'y'.repeat(100)}\n`);
    expect(output).toBe(`${'x'.repeat(3990)} …\n`);
  });
});

describe('the picture of a trend', () => {
  const [worst, all] = aReport().trends;

  test('says in words what it shows', () => {
    if (!worst || !all) throw new Error('the report has two trends');
    expect(trendSvg(worst, () => '14:32:07')).toContain(
      'aria-label="Pool to 10.0.3.12:443 from 10.0.2.7: 25,691 ports in use at 14:32:07 of 28,232"',
    );
    expect(trendSvg(all, () => 'now')).not.toContain('Pool full');
  });

  test('needs two points', () => {
    const trend = {
      atMs: [1],
      timeWait: [1],
      established: [1],
      other: [1],
      opensPerSecond: [null],
      derivedUntilMs: null,
    };
    expect(
      trendSvg({ title: '', trend, forecast: null, capacity: null, slowFrom: null }, () => ''),
    ).toBeNull();
  });
});
