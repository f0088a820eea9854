/** Tcpip events 4227, 4231 and 4266 of the System log, from wevtutil, Get-WinEvent or Event Viewer. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { NO_EVENT_TEXT, portEventId } from './event-ids.ts';
import { readEventText } from './events-text.ts';
import { isEventXml, readEventXml } from './events-xml.ts';
import { POWERSHELL_ARGUMENTS } from './powershell-command.ts';
import type { PowerShellRecord } from './powershell-lines.ts';
import { forEachPowerShellRecord, isoTime, looksLikeJson } from './powershell-records.ts';

const FORMAT = 'windows-events';
/** Characters of a message that are looked at. */
const MAX_MESSAGE = 2000;
/** Above each table of Get-WinEvent stands the name of the source. */
const TABLE_TITLE = /^ {3}ProviderName: [^\n]*$/gm;
/** The cmdlet's property names are not translated. */
const POWERSHELL_EVENT = /^"?TimeCreated\b|,"?TimeCreated\b/im;

export function parseEvents(text: string, take: (socket: SocketReading) => void): OutputReading {
  const builder = new ReadingBuilder(FORMAT, 'windows', take);
  if (looksLikeJson(text) || POWERSHELL_EVENT.test(text.slice(0, 16_384))) {
    forEachPowerShellRecord(text.replace(TABLE_TITLE, ''), 'timecreated', builder, (record) =>
      readRecord(record, builder),
    );
  } else if (isEventXml(text)) readEventXml(text, builder);
  else readEventText(text, builder);
  return builder.done();
}

function readRecord(record: PowerShellRecord, builder: ReadingBuilder): void {
  const { line, fields } = record;
  const printedId = fields.get('id') ?? fields.get('eventid');
  if (printedId === undefined) {
    builder.problem(line, record.text, 'no event with an id');
    return;
  }
  const id = portEventId(printedId);
  const provider = fields.get('providername') ?? 'Tcpip';
  if (id === null || provider.toLowerCase() !== 'tcpip') {
    builder.skip('other events');
    return;
  }
  const at = fields.get('timecreated') ?? null;
  const message = (fields.get('message') ?? '').slice(0, MAX_MESSAGE).replace(/\s+/g, ' ').trim();
  const text = sanitiseText(message || NO_EVENT_TEXT);
  builder.fact({ line, kind: 'event', id, at: at === null ? null : sanitiseText(isoTime(at), 60), text });
}

export const eventsFormat: OutputFormat = {
  id: FORMAT,
  title: 'Tcpip events of the Windows System log',
  system: 'windows',
  recognises: (head) => {
    if (isEventXml(head)) return 0.95;
    if (/^Event\[\d{1,9}\]:?\s/m.test(head)) return 0.9;
    return /\bTcpip\b/i.test(head) && /(?:^|\D)(?:4227|4231|4266)(?!\d)/.test(head) ? 0.8 : 0;
  },
  parse: parseEvents,
};

export const eventsProbe: Probe = {
  id: 'windows.wevtutil-tcpip',
  platform: 'windows',
  group: 'counters',
  title: 'Events about ports',
  tool: 'wevtutil',
  argv: [
    'qe',
    'System',
    "/q:*[System[Provider[@Name='Tcpip'] and (EventID=4227 or EventID=4231 or EventID=4266)]]",
    '/f:text',
    '/rd:true',
    '/c:200',
  ],
  parameters: [],
  proves:
    'That Windows did run out of ports, and when (4231), or reused one too soon (4227); that none is there proves little.',
  needs: null,
  figures: ['time-to-exhaustion'],
  parse: parseEvents,
  encoding: 'oem',
};

export const eventRecordsProbe: Probe = {
  ...eventsProbe,
  id: 'windows.get-winevent-tcpip',
  title: 'Events about ports, as JSON',
  tool: 'powershell',
  // To find no event is an error of the cmdlet, but an answer here.
  argv: [
    ...POWERSHELL_ARGUMENTS,
    "try { Get-WinEvent -FilterHashtable @{LogName='System';ProviderName='Tcpip';Id=4227,4231,4266} -MaxEvents 200 -ErrorAction Stop | ForEach-Object { $_ | Select-Object Id,ProviderName,TimeCreated,Message | ConvertTo-Json -Compress } } catch { if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw } }",
  ],
};
