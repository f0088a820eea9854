/** The report as Markdown, for tickets and chats: the same words, no pictures. */
import type { Finding } from '../core/model.ts';
import { escapeMarkdown as e, fenceFor } from './escape.ts';
import type { ReportInput, ReportTranscript } from './model.ts';
import {
  aboutTable,
  consumersTable,
  countersTable,
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

/** The whole text, LF line ends. */
export function renderMarkdown(input: ReportInput): string {
  const { summary, redactions, timeZone } = input;
  const { verdict, target } = summary;
  const sockets = socketsTable(input);
  const parts = [
    `# TCP ports of ${e(target.hostname)}`,
    `**${verdict.level.toUpperCase()}** — ${e(verdict.sentence)}`,
    `Confidence ${verdict.confidence}: ${e(verdict.confidenceReason)} (${e(verdict.sources.join(', '))})`,
    ...(redactions.length === 0
      ? []
      : [`Hidden, each thing under one name of its own: ${e(redactions.join('; '))}.`]),
    '## Findings',
    ...(summary.findings.length === 0
      ? ['No finding: every check passed.']
      : summary.findings.map((found) => finding(found, input.transcripts))),
    `Checks that found nothing: ${e(passedChecks(input).join('; ') || 'none')}.`,
    '## Who uses the ports',
    ...table(consumersTable(input)),
    ...table(programsTable(input)),
    e(ownershipLine(summary)),
    ...table(poolsTable(input)),
    '## The machine',
    ...[aboutTable, settingsTable, listenersTable, statesTable, countersTable].flatMap((of) =>
      table(of(input)),
    ),
    ...(summary.degradations.length === 0
      ? []
      : [
          '## What could not be read',
          summary.degradations.map(({ sentence }) => `- ${e(sentence)}`).join('\n'),
        ]),
    '## What was changed',
    changes(input),
    ...(sockets === null ? [] : ['## Sockets', ...table(sockets)]),
    ...(input.transcripts.length === 0 ? [] : ['## Transcripts']),
    ...input.transcripts.map((run) => transcript(run, timeZone)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function finding(found: Finding, transcripts: readonly ReportTranscript[]): string {
  const { level, title, sentence, evidence, disproof, remedies, source } = found;
  const steps = remedies.map(({ label, why }, at) => `${at + 1}. ${e(label)}: ${e(why)}`);
  const shownBy = transcriptsOf(found, transcripts).map((at) => e(transcripts[at]?.title ?? ''));
  return [
    `### ${level.charAt(0).toUpperCase()}${level.slice(1)}: ${e(title)}`,
    '',
    e(sentence),
    '',
    `- Evidence: ${e(evidence)}`,
    ...(shownBy.length === 0 ? [] : [`- Shown by the transcripts: ${shownBy.join('; ')}`]),
    `- It is not so if: ${e(disproof)}`,
    `- Source: ${e(source)}`,
    ...(steps.length === 0 ? [] : ['', 'What helps:', '', ...steps]),
  ].join('\n');
}

function changes({ changes: made, timeZone }: ReportInput): string {
  if (made.length === 0) return 'Nothing was changed by Fourtuple.';
  return made
    .map(({ atMs, what, state }) => `- ${sayMoment(atMs, timeZone)}: ${e(what)} (${e(state)})`)
    .join('\n');
}

function transcript(
  { title, command, startedAtMs, tookMs, end, output, isCut }: ReportTranscript,
  timeZone: string,
): string {
  const body = `$ ${command.replace(/[\r\n]+/g, ' ')}\n${output.replace(/\n$/, '')}`;
  const fence = fenceFor(body);
  const cut = isCut ? ' The output was longer; the rest is left out.' : '';
  return `### ${e(title)}\n\n${sayMoment(startedAtMs, timeZone)} · ${sayTook(tookMs)} · ${e(end)}${cut}\n\n${fence}text\n${body}\n${fence}`;
}

/** Nothing where there is nothing to say. */
function table({ caption, heads, numeric, rows, empty }: ReportTable): string[] {
  if (rows.length === 0) return empty === undefined ? [] : [`${e(caption)}: ${e(empty)}`];
  const isPair = heads.every((head) => head === '');
  const names = isPair ? [caption, ''] : heads;
  const rule = names.map((_, at) => (numeric.includes(at) ? '---:' : '---'));
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => e(cell) || ' ').join(' | ')} |`;
  const lines = [line(names), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
  return isPair ? [lines] : [e(caption), lines];
}
