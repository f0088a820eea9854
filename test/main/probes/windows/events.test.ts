import { describe, expect, it } from 'vitest';
import { eventsFormat, parseEvents } from '../../../../main/probes/windows/events.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

const read = (text: string) => listSockets(parseEvents, text).reading;
const own = (path: string) => readFixtureText(`windows/${path}/stdout`);

function short(text: string) {
  const { facts, problems, skipped } = read(text);
  const events = facts.map((fact) => (fact.kind === 'event' ? [fact.id, fact.at, fact.text] : fact));
  return { events, problems: problems.map(({ line, why }) => [line, why]), others: skipped[0]?.count ?? 0 };
}

describe('Tcpip events', () => {
  it('reads what wevtutil prints as text, other events being counted', () => {
    expect(short(own('wevtutil/text'))).toEqual({
      events: [
        [
          4231,
          '2025-11-22T21:04:11.482',
          'A request to allocate an ephemeral port number from the global TCP port space has failed.',
        ],
        [
          4227,
          '2025-11-22T21:03:10.001',
          'TCP/IP failed to establish an outgoing connection: the local endpoint was recently used. It is tried again.',
        ],
      ],
      problems: [],
      others: 1,
    });
  });

  it('reads XML, with the message where it is rendered, else with the data', () => {
    expect(short(own('wevtutil/xml'))).toEqual({
      events: [
        [4231, '2025-11-22T20:04:11.4823456Z', 'No port <left> & none free.'],
        [4227, '2025-11-22T20:03:10.0010000Z', 'one, two'],
      ],
      problems: [],
      others: 1,
    });
  });

  it('reads Get-WinEvent as JSON, with the dates of both PowerShells, and as a table', () => {
    expect(short(own('get-winevent/json-lines'))).toEqual({
      events: [
        [4231, '2025-11-22T20:04:11.482Z', 'No port is left.'],
        [4227, '2025-11-22T21:03:10.0010000+01:00', 'TCP/IP hat keine Verbindung.'],
      ],
      problems: [],
      others: 1,
    });
    expect(short(own('get-winevent/table'))).toMatchObject({
      events: [
        [4231, '11/22/2025 9:04:11 PM', expect.stringMatching(/^A request/)],
        [4227, '11/22/2025 9:03:10 PM', expect.stringMatching(/^TCP\/IP failed/)],
      ],
      problems: [],
    });
  });

  it('reads what Event Viewer copies in another language, and a list it saved', () => {
    expect(short(own('event-viewer/paste-de'))).toEqual({
      events: [
        [
          4231,
          '22.11.2025 21:04:11',
          'Eine Anforderung zum Zuordnen einer kurzlebigen Portnummer ist fehlgeschlagen.',
        ],
      ],
      problems: [],
      others: 0,
    });
    expect(short(own('event-viewer/csv')).events).toEqual([
      [4231, '11/22/2025 9:04:11 PM', 'No port is left.'],
      [4227, '11/22/2025 9:03:10 PM', 'Recently used.'],
    ]);
  });

  it('reads 4266 and says of an event without text that none was printed', () => {
    expect(short('{"Id":4266,"ProviderName":"Tcpip","TimeCreated":null,"Message":null}\n').events).toEqual([
      [4266, null, '(no text)'],
    ]);
  });

  it('reports what is no event with its line, and a broken element costs itself alone', () => {
    expect(short('stray\nEvent[0]:\n  Log Name: System\n\nstray again\n').problems).toEqual([
      [1, 'no line of an event'],
      [2, 'no event'],
      [5, 'no line of an event'],
    ]);
    const event = "<Event><System><Provider Name='Tcpip'/><EventID>4231</EventID></System></Event>\n";
    const broken = "<Event><System><Provider Name='Tcpip'/>\n";
    expect(short(event + broken + event)).toEqual({
      events: [
        [4231, null, '(no text)'],
        [4231, null, '(no text)'],
      ],
      problems: [[2, 'the event has no end']],
      others: 0,
    });
    expect(read(event + broken).truncated).toBe(true);
  });

  it('C5: takes no id, date or text from a line that was cut off', () => {
    const whole = own('wevtutil/text');
    const { events } = short(whole);
    for (let length = 0; length < whole.length; length++) {
      for (const [index, event] of short(whole.slice(0, length)).events.entries()) {
        const [id, at, text] = Array.isArray(event) ? event : [];
        expect([id, at]).toEqual(Array.isArray(events[index]) ? events[index].slice(0, 2) : []);
        expect(
          text === '(no text)' ||
            String(Array.isArray(events[index]) ? events[index][2] : '').startsWith(String(text)),
        ).toBe(true);
      }
    }
  });

  it('says of an empty log that it is empty, and what a message means', () => {
    expect(read('')).toMatchObject({ facts: [], problemCount: 0, truncated: false });
    const none = 'Get-WinEvent : No events were found that match the specified selection criteria.\n';
    expect(short(none).problems).toEqual([[1, 'The command found nothing that matches.']]);
  });

  it('T1: shows hostile text escaped, and reads 20,000 events', () => {
    const text = own('wevtutil/text').replace('A request', '\u001b[2J\u202eA request');
    expect(short(text).events[0]).toEqual([
      4231,
      expect.anything(),
      expect.stringMatching(/^\\x1b\[2J\\u202eA request/),
    ]);
    expect(read(own('wevtutil/text').repeat(10_000)).facts.length).toBe(20_000);
    expect(read(own('wevtutil/xml').repeat(10_000)).facts.length).toBe(20_000);
  });

  it('is recognised in every form', () => {
    for (const path of [
      'wevtutil/text',
      'wevtutil/xml',
      'get-winevent/json-lines',
      'get-winevent/table',
      'event-viewer/paste-de',
      'event-viewer/csv',
    ]) {
      expect([path, eventsFormat.recognises(own(path)) > 0.5]).toEqual([path, true]);
    }
  });

  const shared = readSharedFixture('win-eventlog-4227-4231-en.txt');
  it.skipIf(!shared.found)('reads both events of the public text to the figures of its manifest', () => {
    if (!shared.found) return;
    const { events, problems } = short(new TextDecoder().decode(shared.bytes));
    expect([events.map((event) => (Array.isArray(event) ? event.slice(0, 2) : event)), problems]).toEqual([
      [
        [4227, null],
        [4231, null],
      ],
      [],
    ]);
    expect(events[1]).toEqual([
      4231,
      null,
      expect.stringMatching(/^A request to allocate an ephemeral port/),
    ]);
  });
});
