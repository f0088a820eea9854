import { describe, expect, it } from 'vitest';
import { TCP_STATE_NAMES } from '../../../main/core/model.ts';
import { stateOfPowerShell, stateOfProcHex, stateOfWord } from '../../../main/probes/state-words.ts';

function names(words: string): string[] {
  return words.split(' ').map((word) => TCP_STATE_NAMES[stateOfWord(word)] ?? '?');
}

describe('stateOfWord', () => {
  it.each([
    ['LISTEN', 'LISTEN LISTENING ABHÖREN abhören ESCUCHAR OUÇA NASLOUCHÁ'],
    ['ESTABLISHED', 'ESTAB ESTABLISHED SPOJENO VERBUNDEN HERGESTELLT ESTABLECIDO ESTABELECIDA'],
    ['SYN_SENT', 'SYN-SENT SYN_SENT SYN_ENVIADO'],
    ['SYN_RECV', 'SYN-RECV SYN_RECV SYN_RCVD SYN_RECEIVED SYN_RECEBIDO'],
    ['FIN_WAIT_1', 'FIN-WAIT-1 FIN_WAIT_1 FIN_WAIT1 ESPERA_FIN1'],
    ['FIN_WAIT_2', 'FIN-WAIT-2 FIN_WAIT_2 FIN_WAIT2 ESPERA_FIN2 FIN_WARTEN_2'],
    ['TIME_WAIT', 'TIME-WAIT TIME_WAIT WARTEND'],
    ['CLOSE_WAIT', 'CLOSE-WAIT CLOSE_WAIT SCHLIESSEN_WARTEN ESPERANDO_FECHAR'],
    ['LAST_ACK', 'LAST-ACK LAST_ACK ÚLTIMO_ACK'],
    ['CLOSING', 'CLOSING FECHANDO ZAVÍRÁ'],
    ['CLOSE', 'UNCONN CLOSE CLOSED FECHAR ZAVŘEN'],
    ['UNKNOWN', 'UNKNOWN UNBEKANNT INCONNU 不明 7 constructor __proto__'],
  ])('knows %s as %s', (name, words) => {
    expect(new Set(names(words))).toEqual(new Set([name]));
  });

  it('knows a word with a letter that a wrong code page replaced', () => {
    const broken = [
      'ABH\u2122REN',
      'ABH\u00c3\u2013REN',
      'ABH?REN',
      'ABHREN',
      'ABH\ufffdREN',
      'OU€A',
      'OUÃ‡A',
    ];
    expect(new Set(names(broken.join(' ')))).toEqual(new Set(['LISTEN']));
  });

  it('spends nothing on a word of ten million letters', () => {
    expect(stateOfWord('A'.repeat(10_000_000))).toBe(0);
  });
});

it('reads the states of PowerShell as words and as numbers', () => {
  const values = ['Listen', '2', 'Established', '5', 'TimeWait', '11', 'Bound', '100', 'DeleteTCB', '0', 'x'];
  expect(values.map((value) => TCP_STATE_NAMES[stateOfPowerShell(value)])).toEqual([
    ...[
      'LISTEN',
      'LISTEN',
      'ESTABLISHED',
      'ESTABLISHED',
      'TIME_WAIT',
      'TIME_WAIT',
      'BOUND',
      'BOUND',
      'CLOSE',
    ],
    ...['UNKNOWN', 'UNKNOWN'],
  ]);
});

it('reads the states of /proc/net/tcp', () => {
  expect(['01', '0A', '0a', '0C', '00', 'FF', '1', ''].map(stateOfProcHex)).toEqual([
    1, 10, 10, 12, 0, 0, 0, 0,
  ]);
});
