/** What is done, as a person would type it. Pure; the script shows it just before it does the same. */
import type { SystemId } from '../readings.ts';
import { sanitiseText } from '../sanitise.ts';
import { commandLine } from '../words/command-line.ts';
import type { Operation } from './model.ts';

/** A command on one line; a file by its path. Names of strangers stand in it with visible escapes (hardening T1). */
export function shownCommand(operation: Operation, system: SystemId): string {
  switch (operation.kind) {
    case 'run': {
      const emptied = system === 'linux' ? emptiedSetting(operation.argv) : null;
      if (emptied !== null) return `echo >${emptied}`;
      const [tool = '', ...argv] = operation.argv;
      return sanitiseText(commandLine(system, tool, argv), Infinity);
    }
    case 'write-file':
      return `write ${sanitiseText(operation.path)} (mode ${operation.mode})`;
    case 'delete-file':
      return `rm ${sanitiseText(operation.path)}`;
  }
}

/** What systemd has to be told once a file of a unit is back as it was: it keeps what it has read. Null for others. */
export function argvAfterUndo(undo: Operation): readonly string[] | null {
  const isUnitFile = undo.kind !== 'run' && undo.path.startsWith('/etc/systemd/system/');
  return isUnitFile ? ['systemctl', 'daemon-reload'] : null;
}

/**
 * The file of the setting where a command of Linux gives it an empty value: sysctl of procps 3 refuses that, BusyBox's
 * writes nothing and ends with 0 (1.35), so a newline is written to the file. Null for other commands.
 */
export function emptiedSetting(argv: readonly string[]): string | null {
  const [tool, option, assignment = '', ...more] = argv;
  const key = /^([a-z0-9_.]+)=$/.exec(assignment)?.[1];
  if (tool !== 'sysctl' || option !== '-w' || key === undefined || more.length > 0) return null;
  return settingFile(key);
}

/** "net.ipv4.tcp_tw_reuse" → its file below /proc/sys. */
export function settingFile(key: string): string {
  return `/proc/sys/${key.replaceAll('.', '/')}`;
}
