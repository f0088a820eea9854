/** The report as one HTML file that needs nothing else: no script, no font, no network. Prints well. */
import type { Finding, Level, Thresholds } from '../core/model.ts';
import { escapeHtml as e } from './escape.ts';
import { REPORT_STYLE } from './html-style.ts';
import type { ReportInput, ReportTranscript } from './model.ts';
import {
  aboutTable,
  consumersTable,
  countersTable,
  keyFigures,
  listenersTable,
  ownershipLine,
  passedChecks,
  poolsTable,
  programsTable,
  settingsTable,
  socketsTable,
  statesTable,
  transcriptsOf,
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
    keyFacts(input),
    ...findings(input),
    ...trends(input),
    section('Who uses the ports', [
      table(consumersTable(input)),
      small(ownershipLine(input.summary)),
      table(programsTable(input)),
      table(poolsTable(input)),
    ]),
    section('The machine', [
      table(aboutTable(input)),
      table(settingsTable(input)),
      table(listenersTable(input)),
      table(statesTable(input)),
      table(countersTable(input)),
    ]),
    ...degradations(input),
    section('What was changed', [changes(input)]),
    ...sockets(input),
    ...transcripts(input),
    `<footer class="small">Made by Fourtuple ${e(input.version)} from what the machine itself told. Payload is never read.</footer>`,
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

/** The four figures that the verdict rests on. */
function keyFacts(input: ReportInput): string {
  const items = keyFigures(input).map(
    ({ name, value, aside }) =>
      `<div><dt>${e(name)}</dt><dd>${e(value)}<small>${e(aside)}</small></dd></div>`,
  );
  return items.length === 0 ? '' : `<dl class="facts">${items.join('')}</dl>`;
}

function findings(input: ReportInput): string[] {
  const found = input.summary.findings;
  const passed = passedChecks(input);
  const list =
    found.length === 0
      ? ['<p>No finding: every check passed.</p>']
      : found.map((each) => finding(each, input.transcripts));
  const checks =
    passed.length === 0
      ? []
      : [
          `<h3 class="passed">${passed.length} checks found nothing</h3>`,
          `<ul class="checks">${passed.map((title) => `<li>${e(title)}</li>`).join('')}</ul>`,
        ];
  return [section('Findings', [...list, ...checks])];
}

function finding(found: Finding, runs: readonly ReportTranscript[]): string {
  const { level, title, sentence, evidence, disproof, remedies, source } = found;
  const steps = remedies.map(({ label, why }) => `<li>${e(label)}: ${e(why)}</li>`).join('');
  const shownBy = transcriptsOf(found, runs).map(
    (at) => `<a href="#transcript-${at + 1}">${e(runs[at]?.title ?? '')}</a>`,
  );
  return [
    `<article class="finding ${CLASS[level]}"><h3><span class="word">${WORD[level]}</span> ${e(title)}</h3><p>${e(sentence)}</p><dl>`,
    steps === '' ? '' : `<dt>What helps</dt><dd><ol>${steps}</ol></dd>`,
    `<dt>Evidence</dt><dd class="mono">${e(evidence)}</dd>`,
    shownBy.length === 0 ? '' : `<dt>Shown by</dt><dd>${shownBy.join(', ')}</dd>`,
    `<dt>It is not so if</dt><dd>${e(disproof)}</dd><dt>Source</dt><dd>${e(source)}</dd></dl></article>`,
  ].join('');
}

function trends({ trends: all, timeZone }: ReportInput): string[] {
  const clock = (atMs: number) => sayMoment(atMs, timeZone).slice(11, 19);
  const drawn = all.flatMap((trend) => {
    const svg = trendSvg(trend, clock);
    const legend = trend.forecast === null ? LEGEND : LEGEND.replace('</ul>', `${FORECAST_LEGEND}</ul>`);
    return svg === null ? [] : [`<figure><figcaption>${e(trend.title)}</figcaption>${svg}${legend}</figure>`];
  });
  return drawn.length === 0 ? [] : [section('Ports in use', drawn)];
}

const LEGEND =
  '<ul class="legend"><li><span class="l-tw"></span>TIME_WAIT</li><li><span class="l-est"></span>Established</li><li><span class="l-oth"></span>Other</li></ul>';

const FORECAST_LEGEND = '<li><span class="l-fc"></span>Forecast, and where it lies in 8 of 10 cases</li>';

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

function sockets(input: ReportInput): string[] {
  const list = socketsTable(input);
  return list === null ? [] : [section('Sockets', [table(list)])];
}

function transcripts({ transcripts: runs, timeZone }: ReportInput): string[] {
  if (runs.length === 0) return [];
  return [
    section(
      'Transcripts',
      runs.map((run, at) => transcript(run, at + 1, timeZone)),
    ),
  ];
}

function transcript(run: ReportTranscript, number: number, timeZone: string): string {
  const { title, command, startedAtMs, tookMs, end, output, isCut } = run;
  const cut = isCut ? ' The output was longer; the rest is left out.' : '';
  const about = `${e(sayMoment(startedAtMs, timeZone))} · ${sayTook(tookMs)} · ${e(end)}${cut}`;
  return `<article class="transcript"><h3 id="transcript-${number}">${e(title)}</h3><p class="small">${about}</p><pre tabindex="0"><b>$ ${e(command)}</b>\n${e(output)}</pre></article>`;
}

function section(title: string, parts: readonly string[]): string {
  return `<section><h2>${e(title)}</h2>${parts.filter((part) => part !== '').join('\n')}</section>`;
}

function small(text: string): string {
  return `<p class="small">${e(text)}</p>`;
}

function table({ caption, heads, numeric, rows, shares, empty }: ReportTable): string {
  if (rows.length === 0) return empty === undefined ? '' : `<p><b>${e(caption)}</b><br>${e(empty)}</p>`;
  const isPair = heads.every((head) => head === '');
  const right = (at: number) => (numeric.includes(at) ? ' class="n"' : '');
  const headRow = isPair
    ? ''
    : `<thead><tr>${heads.map((head, at) => `<th scope="col"${right(at)}>${e(head)}</th>`).join('')}</tr></thead>`;
  const cells = (row: readonly string[], rowAt: number) =>
    row.map((cell, at) => {
      if (isPair && at === 0) return `<th scope="row">${e(cell)}</th>`;
      const share = at === 2 ? shares?.values[rowAt] : undefined;
      const isShort = cell.length <= SHORT_CELL && !cell.includes(' ');
      const kind = numeric.includes(at) ? ' class="n"' : isShort ? ' class="s"' : '';
      return `<td${kind}>${e(cell)}${share === undefined || !shares ? '' : bar(share, shares.thresholds)}</td>`;
    });
  const body = rows.map((row, at) => `<tr>${cells(row, at).join('')}</tr>`).join('');
  const kind = isPair ? 'pair' : heads.length > 6 ? 'wide' : 'narrow';
  return `<div class="scroll"><table class="${kind}"><caption>${e(caption)}</caption>${headRow}<tbody>${body}</tbody></table></div>`;
}

/** An IPv4 address with its port: broken in two it cannot be read. */
const SHORT_CELL = 21;

/** A picture of the number beside it. */
function bar(share: number, { criticalShare, warningShare }: Thresholds): string {
  const level = share >= criticalShare ? 'crit' : share >= warningShare ? 'warn' : 'calm';
  const width = (Math.min(1, Math.max(0, share)) * 100).toFixed(1);
  return `<svg class="bar ${level}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="100" height="4"/><rect class="part" width="${width}" height="4"/></svg>`;
}
