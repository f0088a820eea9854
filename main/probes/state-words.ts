/** The states of a TCP socket by the words and numbers that tools print for them. */
import { TcpState } from '../core/model.ts';

/** Upper case, "-" as "_". Each line is one state: all tools and locales in which its word was seen. */
const WORDS: readonly (readonly [number, string])[] = [
  [
    TcpState.ESTABLISHED,
    'ESTABLISHED ESTAB VERBUNDEN HERGESTELLT ESTABLECIDO ESTABELECIDA ESTABELECIDO SPOJENO SPOJEN',
  ],
  [TcpState.SYN_SENT, 'SYN_SENT SYNSENT SYN_ENVIADO SYN_GESENDET'],
  [TcpState.SYN_RECV, 'SYN_RECV SYN_RCVD SYN_RECEIVED SYNRECEIVED SYNRECEIVE SYN_RECEBIDO SYN_EMPFANGEN'],
  [TcpState.FIN_WAIT_1, 'FIN_WAIT_1 FIN_WAIT1 FINWAIT1 ESPERA_FIN1 FIN_WARTEN_1'],
  [TcpState.FIN_WAIT_2, 'FIN_WAIT_2 FIN_WAIT2 FINWAIT2 ESPERA_FIN2 FIN_WARTEN_2'],
  [TcpState.TIME_WAIT, 'TIME_WAIT TIMEWAIT WARTEND'],
  [TcpState.CLOSE, 'CLOSE CLOSED UNCONN FECHAR ZAVŘEN IDLE DELETE_TCB DELETETCB'],
  [TcpState.CLOSE_WAIT, 'CLOSE_WAIT CLOSEWAIT SCHLIESSEN_WARTEN ESPERANDO_FECHAR'],
  [TcpState.LAST_ACK, 'LAST_ACK LASTACK ÚLTIMO_ACK POSLEDNÍ_ACK'],
  [TcpState.LISTEN, 'LISTEN LISTENING ABHÖREN ESCUCHAR OUÇA NASLOUCHÁ'],
  [TcpState.CLOSING, 'CLOSING FECHANDO ZAVÍRÁ'],
  [TcpState.NEW_SYN_RECV, 'NEW_SYN_RECV'],
  [TcpState.BOUND, 'BOUND BOUND_INACTIVE'],
];
const STATE_BY_WORD: ReadonlyMap<string, number> = new Map(
  WORDS.flatMap(([state, words]) => words.split(' ').map((word): [string, number] => [word, state])),
);

/** Words with a letter outside ASCII: a wrong code page puts one to four other characters (or none) in its place. */
const DAMAGED: readonly (readonly [RegExp, number])[] = [
  [/^ABH[^R]{0,4}REN$/u, TcpState.LISTEN],
  [/^OU(?!A)[^A-Z]{1,4}A$/u, TcpState.LISTEN],
  [/^[^A-Z]{1,4}LTIMO_ACK$/u, TcpState.LAST_ACK],
  [/^POSLEDN[^A-Z]{1,4}_ACK$/u, TcpState.LAST_ACK],
  [/^NASLOUCH[^A-Z]{1,4}$/u, TcpState.LISTEN],
  [/^ZAV[^A-Z]{1,4}EN$/u, TcpState.CLOSE],
  [/^ZAV[^A-Z]{1,4}R[^A-Z]{1,4}$/u, TcpState.CLOSING],
];
/** No state word is longer. */
const MAX_WORD_CHARACTERS = 24;

/** Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetTCPConnection.State: MIB_TCP_STATE and 100 for Bound. */
const POWERSHELL_STATES: readonly (readonly [number, string, number])[] = [
  [1, 'closed', TcpState.CLOSE],
  [2, 'listen', TcpState.LISTEN],
  [3, 'synsent', TcpState.SYN_SENT],
  [4, 'synreceived', TcpState.SYN_RECV],
  [5, 'established', TcpState.ESTABLISHED],
  [6, 'finwait1', TcpState.FIN_WAIT_1],
  [7, 'finwait2', TcpState.FIN_WAIT_2],
  [8, 'closewait', TcpState.CLOSE_WAIT],
  [9, 'closing', TcpState.CLOSING],
  [10, 'lastack', TcpState.LAST_ACK],
  [11, 'timewait', TcpState.TIME_WAIT],
  [12, 'deletetcb', TcpState.CLOSE],
  [100, 'bound', TcpState.BOUND],
];
const POWERSHELL_BY_VALUE: ReadonlyMap<string, number> = new Map(
  POWERSHELL_STATES.flatMap(([value, word, state]): [string, number][] => [
    [String(value), state],
    [word, state],
  ]),
);

/** The TcpState of a printed word of ss, netstat, lsof or sockstat in any locale; 0 (UNKNOWN) when it is not known. */
export function stateOfWord(word: string): number {
  const known = STATE_BY_WORD.get(word);
  if (known !== undefined) return known;
  if (word.length > MAX_WORD_CHARACTERS) return 0;
  const plain = word.toUpperCase().replaceAll('-', '_');
  return STATE_BY_WORD.get(plain) ?? DAMAGED.find(([pattern]) => pattern.test(plain))?.[1] ?? 0;
}

/** The TcpState of a value of Get-NetTCPConnection's State, "TimeWait" or "11"; 0 when it is not known. */
export function stateOfPowerShell(value: string): number {
  return POWERSHELL_BY_VALUE.get(value.trim().toLowerCase()) ?? 0;
}

/** The TcpState of the `st` column of /proc/net/tcp, "0A"; 0 when it is none. */
export function stateOfProcHex(hex: string): number {
  const state = /^[0-9a-f]{2}$/i.test(hex) ? Number.parseInt(hex, 16) : 0;
  return state <= TcpState.BOUND ? state : 0;
}
