/** What the tools of Windows print when they fail, in the languages in which it was seen. */

export type WindowsErrorCode =
  | 'needs-elevation'
  | 'access-denied'
  | 'owner-not-told'
  | 'command-unknown'
  | 'not-found'
  | 'nothing-found'
  | 'scripts-blocked';

export interface WindowsError {
  code: WindowsErrorCode;
  /** What it means and what to do, one sentence. */
  sentence: string;
}

const SENTENCES: Readonly<Record<WindowsErrorCode, string>> = {
  'needs-elevation':
    'This needs administrator rights: open the console with "Run as administrator" and run it again.',
  'access-denied': 'Windows refused access: run it again from a console opened with "Run as administrator".',
  'owner-not-told':
    'Windows did not tell which program owns a socket: run netstat -b from a console opened with "Run as administrator".',
  'command-unknown': 'This command does not exist on that machine, or is not in its PATH.',
  'not-found': 'The registry value or key does not exist, so Windows uses its default.',
  'nothing-found': 'The command found nothing that matches.',
  'scripts-blocked':
    'PowerShell may not run this under the execution policy or language mode of that machine: use netstat -ano instead.',
};

/**
 * Pieces of each message that must all stand in it, in this order and in lower case. Pieces avoid letters outside ASCII
 * where they can: a wrong code page replaces them. Elevation and ownership: shared recordings in seven languages, and
 * the texts of Windows in others.
 */
const MESSAGES: readonly (readonly [WindowsErrorCode, readonly (readonly string[])[]])[] = [
  [
    'needs-elevation',
    [
      ['requested operation requires elevation'],
      ['angeforderte vorgang erfordert erh'],
      ['ration demand', 'cessite une', 'vation'],
      ['la operaci', 'solicitada requiere elevaci'],
      ['a opera', 'solicitada requer eleva'],
      ['operazione richiesta richiede'],
      ['операция требует повышения'],
      ['要求された操作には管理者特権が必要'],
      ['请求的操作需要提升'],
      ['요청한 작업을 수행하려면 권한 상승'],
    ],
  ],
  [
    'owner-not-told',
    [
      ['can not obtain ownership information'],
      ['cannot obtain ownership information'],
      ['besitzerinformation'],
      ['impossible d', 'obtenir les informations de propri'],
      ['no se puede obtener informaci', 'propiedad'],
      ['obter informa', 'propriedade'],
      ['informazioni sulla propriet'],
      ['сведения о владельце'],
      ['所有権情報を取得できません'],
      ['无法获取所有权信息'],
    ],
  ],
  [
    'access-denied',
    [
      ['access is denied'],
      ['access denied'],
      ['permissiondenied'],
      ['zugriff verweigert'],
      ['acceso denegado'],
      ['acesso negado'],
      ['accesso negato'],
      ['отказано в доступе'],
      ['アクセスが拒否されました'],
      ['拒绝访问'],
      ['액세스가 거부되었습니다'],
    ],
  ],
  [
    'nothing-found',
    [
      ['nomatchingeventsfound'],
      ['no events were found that match'],
      ['no matching msft_nettcpconnection objects found'],
      ['cmdletizationquery_notfound'],
    ],
  ],
  [
    'not-found',
    [
      ['unable to find the specified registry key or value'],
      ['registrierungsschl', 'wert wurde nicht gefunden'],
      ['la valeur de registre sp'],
      ['clave o el valor del registro'],
      ['chave ou valor', 'registro'],
    ],
  ],
  [
    'scripts-blocked',
    [
      ['running scripts is disabled on this system'],
      ['is not supported in this language mode'],
      ['constrainedlanguage'],
    ],
  ],
  [
    'command-unknown',
    [
      ['is not recognized as'],
      ['operable program or batch file'],
      ['entweder falsch geschrieben'],
      ['est pas reconnu'],
      ['no se reconoce como'],
      ['o reconhecido como'],
      ['riconosciuto come'],
      ['commandnotfoundexception'],
      ['не является внутренней или внешней'],
      ['内部コマンドまたは外部コマンド'],
      ['不是内部或外部命令'],
    ],
  ],
];
/** "Accès refusé" with any characters for its accented letters. */
const FRENCH_ACCESS_DENIED = /acc.{1,4}s refus/;
/** Messages are short; of a longer text only the start is looked at. */
const MAX_LOOK = 2000;

/**
 * What a line (or a short text) that a Windows tool printed instead of data means, or null when it is no message that is
 * known. Languages: en, de, fr, es, pt, it, ru, ja, zh-CN, ko, as far as known.
 */
export function recogniseWindowsError(text: string): WindowsError | null {
  const plain = text.slice(0, MAX_LOOK).toLowerCase();
  for (const [code, messages] of MESSAGES) {
    if (messages.some((pieces) => holdsInOrder(plain, pieces))) return { code, sentence: SENTENCES[code] };
  }
  return FRENCH_ACCESS_DENIED.test(plain)
    ? { code: 'access-denied', sentence: SENTENCES['access-denied'] }
    : null;
}

function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  let from = 0;
  for (const piece of pieces) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}
