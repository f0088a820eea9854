/** How systems word the reasons why something failed, in the languages that dumps come in (glibc and bash catalogues). */

export type ErrorReason = 'tool-missing' | 'not-permitted' | 'not-found';

const COMMAND_NOT_FOUND = [
  'command not found',
  'Kommando nicht gefunden',
  'Befehl nicht gefunden',
  'commande introuvable',
  'コマンドが見つかりません',
  'orden no encontrada',
  'no se encontró la orden',
  'comando non trovato',
  'comando não encontrado',
  'comando não encontrada',
  'opdracht niet gevonden',
  'nie znaleziono polecenia',
  'команда не найдена',
  '未找到命令',
  '找不到命令',
  '명령어를 찾을 수 없음',
];

const NOT_PERMITTED = [
  'Permission denied',
  'permission denied',
  'Operation not permitted',
  'Keine Berechtigung',
  'Die Operation ist nicht erlaubt',
  'Vorgang nicht zulässig',
  'Permission non accordée',
  'Opération non permise',
  'Permiso denegado',
  'Operación no permitida',
  'Permesso negato',
  'Operazione non permessa',
  'Permissão negada',
  'Operação não permitida',
  'Toegang geweigerd',
  'Brak dostępu',
  'Отказано в доступе',
  'Операция не позволена',
  '許可がありません',
  '許可されていない操作です',
  '权限不够',
  '不允许的操作',
  '허가 거부',
];

const NOT_FOUND = [
  'No such file or directory',
  'Datei oder Verzeichnis nicht gefunden',
  'Aucun fichier ou dossier de ce type',
  'Aucun fichier ou dossier de ce nom',
  'No existe el fichero o el directorio',
  'No existe el archivo o el directorio',
  'File o directory non esistente',
  'Arquivo ou diretório inexistente',
  'Ficheiro ou diretoria inexistente',
  'Bestand of map bestaat niet',
  'Nie ma takiego pliku ani katalogu',
  'Нет такого файла или каталога',
  'そのようなファイルやディレクトリはありません',
  '没有那个文件或目录',
  '그런 파일이나 디렉터리가 없습니다',
  // A process that ended between opening and reading (ESRCH), and a value without contents (ENODATA).
  'No such process',
  'No such device',
];

const REASONS: ReadonlyMap<string, ErrorReason> = new Map<string, ErrorReason>([
  ...COMMAND_NOT_FOUND.map((words) => [words, 'tool-missing'] as const),
  ...NOT_PERMITTED.map((words) => [words, 'not-permitted'] as const),
  ...NOT_FOUND.map((words) => [words, 'not-found'] as const),
]);

/** Longest wording above, with room for the full stop; no longer text is looked up. */
const MAX_REASON_CHARACTERS = 80;

/** What a reason in words means, or null: the whole of `words`, a full stop aside. */
export function reasonOfWords(words: string): ErrorReason | null {
  if (words.length > MAX_REASON_CHARACTERS) return null;
  return REASONS.get(words.trim().replace(/[.。]$/, '')) ?? null;
}
