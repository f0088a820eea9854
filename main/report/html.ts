/** The report as one HTML file that needs nothing else: no script, no font, no network. Prints well. */
import type { Finding, Level } from '../core/model.ts';
import { escapeHtml as e } from './escape.ts';
import { REPORT_STYLE } from './html-style.ts';
import type { ReportInput, ReportTranscript } from './model.ts';
import {
  aboutTable,
  consumersTable,
  countersTable,
  ownershipLine,
  passedChecks,
  poolsTable,
  settingsTable,
  statesTable,
  type ReportTable,
} from './sections.ts';
import { sayMoment, sayTook } from './times.ts';
import { trendSvg } from './trend-svg.ts';

const CLASS: Record<Level, string> = {
  critical: 'crit',
  warning: 'warn',
  notice: 'note',
  ok: 'fine',
  unknown: 'unknown',
};
const WORD: Record<Level, string> = {
  critical: 'Critical',
  warning: 'Warning',
  notice: 'Notice',
  ok: 'OK',
  unknown: 'Unknown',
};
/** Nothing may be fetched or run; styles are the one inline sheet. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The whole document. */
export function renderHtml(input: ReportInput): string {
  const title = `Ports of ${input.summary.target.hostname}, ${sayMoment(input.summary.takenAtMs, input.timeZone)}`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${e(POLICY)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
    `<title>${e(title)}</title><style>${REPORT_STYLE}</style></head><body><main>`,
    ...head(input),
    ...findings(input),
    ...trends(input),
    section('Who uses the ports', [
      table(consumersTable(input)),
      small(ownershipLine(input.summary)),
      table(poolsTable(input)),
    ]),
    section('The machine', [
      table(aboutTable(input)),
      table(settingsTable(input)),
      table(statesTable(input)),
      table(countersTable(input)),
    ]),
    ...degradations(input),
    section('What was changed', [changes(input)]),
    ...transcripts(input),
    '</main></body></html>\n',
  ].join('\n');
}

function head({ summary, redactions, timeZone, version }: ReportInput): string[] {
  const { verdict, target } = summary;
  return [
    `<h1>TCP ports of ${e(target.hostname)}</h1>`,
    `<p class="sub">${e(sayMoment(summary.takenAtMs, timeZone))} · ${e(summary.settings.profileName)} · Fourtuple ${e(version)}</p>`,
    `<section class="verdict ${CLASS[verdict.level]}" aria-label="Verdict"><span class="word">${WORD[verdict.level]}</span><p>${e(verdict.sentence)}</p>`,
    `<p class="small">Confidence ${verdict.confidence}: ${e(verdict.confidenceReason)} (${e(verdict.sources.join(', '))})</p></section>`,
    redactions.length === 0
      ? ''
      : small(`Hidden in this report, each thing under one name of its own: ${redactions.join('; ')}.`),
  ];
}

function findings(input: ReportInput): string[] {
  const found = input.summary.findings;
  const passed = passedChecks(input);
  const list = found.length === 0 ? ['<p>No finding: every check passed.</p>'] : found.map(finding);
  const checks =
    passed.length === 0
      ? []
      : [
          `<h3>${passed.length} checks passed</h3>`,
          `<ul class="checks">${passed.map((title) => `<li>${e(title)}</li>`).join('')}</ul>`,
        ];
  return [section('Findings', [...list, ...checks])];
}

function finding({ level, title, sentence, evidence, disproof, remedies, source }: Finding): string {
  const steps = remedies.map(({ label, why }) => `<li>${e(label)}: ${e(why)}</li>`).join('');
  return [
    `<article class="finding ${CLASS[level]}"><span class="word">${WORD[level]}</span><h3>${e(title)}</h3><p>${e(sentence)}</p><dl>`,
    `<dt>Evidence</dt><dd class="mono">${e(evidence)}</dd>`,
    steps === '' ? '' : `<dt>What helps</dt><dd><ol>${steps}</ol></dd>`,
    `<dt>It is not so if</dt><dd>${e(disproof)}</dd><dt>Source</dt><dd>${e(source)}</dd></dl></article>`,
  ].join('');
}

function trends({ trends: all, timeZone }: ReportInput): string[] {
  const clock = (atMs: number) => sayMoment(atMs, timeZone).slice(11, 19);
  const drawn = all.flatMap((trend) => {
    const svg = trendSvg(trend, clock);
    return svg === null ? [] : [`<figure><figcaption>${e(trend.title)}</figcaption>${svg}${LEGEND}</figure>`];
  });
  return drawn.length === 0 ? [] : [section('Ports in use', drawn)];
}

const LEGEND =
  '<ul class="legend"><li><span class="l-tw"></span>TIME_WAIT</li><li><span class="l-est"></span>Established</li><li><span class="l-oth"></span>Other</li></ul>';

function degradations({ summary }: ReportInput): string[] {
  if (summary.degradations.length === 0) return [];
  const items = summary.degradations.map(({ sentence }) => `<li>${e(sentence)}</li>`).join('');
  return [section('What could not be read', [`<ul>${items}</ul>`])];
}

function changes({ changes: made, timeZone }: ReportInput): string {
  if (made.length === 0) return '<p>Nothing was changed by Fourtuple.</p>';
  const rows = made.map(({ atMs, what, state }) => [sayMoment(atMs, timeZone), what, state]);
  return table({ caption: 'Changes', heads: ['When', 'What', 'State'], numeric: [], rows });
}

function transcripts({ transcripts: runs, timeZone }: ReportInput): string[] {
  return runs.length === 0
    ? []
    : [
        section(
          'Transcripts',
          runs.map((run) => transcript(run, timeZone)),
        ),
      ];
}

function transcript(
  { title, command, startedAtMs, tookMs, end, text, isCut }: ReportTranscript,
  timeZone: string,
): string {
  const cut = isCut ? ' The output was longer; the rest is left out.' : '';
  return `<h3>${e(title)}</h3><p class="small">${e(sayMoment(startedAtMs, timeZone))} · ${sayTook(tookMs)} · ${e(end)}${cut}</p><pre>$ ${e(command)}\n${e(text)}</pre>`;
}

function section(title: string, parts: readonly string[]): string {
  return `<section><h2>${e(title)}</h2>${parts.join('\n')}</section>`;
}

function small(text: string): string {
  return `<p class="small">${e(text)}</p>`;
}

function table({ caption, heads, numeric, rows }: ReportTable): string {
  const isPair = heads.every((head) => head === '');
  const right = (at: number) => (numeric.includes(at) ? ' class="n"' : '');
  const headRow = isPair
    ? ''
    : `<thead><tr>${heads.map((head, at) => `<th scope="col"${right(at)}>${e(head)}</th>`).join('')}</tr></thead>`;
  const cells = (row: readonly string[]) => row.map((cell, at) => `<td${right(at)}>${e(cell)}</td>`).join('');
  const body = rows.map((row) => `<tr>${cells(row)}</tr>`).join('');
  return `<div class="scroll"><table${isPair ? ' class="pair"' : ''}><caption>${e(caption)}</caption>${headRow}<tbody>${body}</tbody></table></div>`;
}
