import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../../main/probes/formats.ts';
import { recogniseWindowsError } from '../../../../main/probes/windows/errors.ts';
import { readSharedFixture } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

const WINDOWS_FORMATS = FORMATS.filter(({ system }) => system === 'windows');

describe('recogniseWindowsError', () => {
  for (const [code, text] of [
    ['needs-elevation', 'The requested operation requires elevation (Run as administrator).'],
    ['needs-elevation', 'Der angeforderte Vorgang erfordert erh\u0094hte Rechte.'],
    ['needs-elevation', 'L\u2019op\u0082ration demand\u0082e n\u0082cessite une \u0082l\u0082vation.'],
    ['needs-elevation', 'La operaci\u00a2n solicitada requiere elevaci\u00a2n.'],
    ['needs-elevation', 'A opera\ufffd\ufffdo solicitada requer eleva\ufffd\ufffdo.'],
    ['access-denied', 'FEHLER: Zugriff verweigert'],
    ['access-denied', 'ERREUR : Accès refusé.'],
    ['access-denied', 'Get-NetTCPConnection : Access denied'],
    ['owner-not-told', ' Es konnten keine Besitzerinformationen abgerufen werden.'],
    ['not-found', 'ERROR: The system was unable to find the specified registry key or value.'],
    ['nothing-found', 'No matching MSFT_NetTCPConnection objects found by CIM query'],
    ['command-unknown', 'Der Befehl "ss" ist entweder falsch geschrieben oder konnte nicht gefunden werden.'],
  ] as const) {
    it(`reads ${JSON.stringify(text)} as ${code}`, () => {
      expect(recogniseWindowsError(text)?.code).toBe(code);
    });
  }

  it('takes no row and no heading for a message', () => {
    for (const text of [
      '',
      '  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1204',
      '  Proto  Local Address          Foreign Address        State           PID',
      ' [svchost.exe]',
      'Protocol tcp Dynamic Port Range',
    ]) {
      expect([text, recogniseWindowsError(text)]).toEqual([text, null]);
    }
  });

  it('never throws, and looks at the start of a long text only', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void recogniseWindowsError(text)));
    expect(recogniseWindowsError(`${'a'.repeat(5_000_000)}Access is denied.`)).toBeNull();
  });

  const shared = readSharedFixture('win-errors-multilang.txt');
  it.skipIf(!shared.found)(
    'knows the 14 messages of the public list in seven languages, none of which is a row',
    () => {
      if (!shared.found) return;
      const text = new TextDecoder().decode(shared.bytes);
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
      expect(lines.map((line) => recogniseWindowsError(line)?.code)).toEqual([
        'needs-elevation',
        'needs-elevation',
        'access-denied',
        'owner-not-told',
        'command-unknown',
        'command-unknown',
        'needs-elevation',
        'needs-elevation',
        'owner-not-told',
        'needs-elevation',
        'access-denied',
        'owner-not-told',
        'needs-elevation',
        'needs-elevation',
        'needs-elevation',
      ]);
      for (const { id, parse } of WINDOWS_FORMATS) {
        const { reading } = listSockets(parse, text);
        expect([id, reading.rows, reading.facts]).toEqual([id, 0, []]);
      }
    },
  );
});
