/** The desktop app's own command line: what is answered without a window, and which files are opened in it. */
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sanitiseText } from '../../core/sanitise.ts';

export type DesktopArguments =
  /** Opens the window, with these files in it: absolute paths. */
  | { kind: 'open'; files: string[] }
  /** Answered on a stream with an exit status; no window. */
  | { kind: 'answer'; stream: 'out' | 'err'; text: string; status: number };

export interface ArgumentsInput {
  /** As process.argv under Electron. */
  argv: readonly string[];
  /** Unpackaged, the first word that is no option is the app's folder. */
  isPackaged: boolean;
  version: string;
  /** What relative names are relative to; throws where that folder is gone. */
  cwd(): string;
}

/** Wrong usage, as of most commands. */
const USAGE_STATUS = 2;

export const DESKTOP_HELP = `Fourtuple: will this machine run out of TCP ports, because of whom, and what to do about it

Usage: fourtuple [options] [file…]

Opens the window; one that is open already comes to the front. Files are shown in it: a saved report
(*.fourtuple.json) or the output of ss, netstat, lsof and others from any machine.

Options
  --help, -h
  --version

On a server or as root: fourtuple serve, fourtuple check (the command-line package).
`;

/**
 * Chromium's and Electron's own options that a desktop, a wrapper or a developer may add. None of them weakens the
 * sandbox or the page's security: those are refused like any unknown one.
 */
const CHROMIUM_OPTIONS: readonly RegExp[] = [
  /^--(?:enable|disable)-features(?:=|$)/,
  /^--ozone-platform(?:-hint)?(?:=|$)/,
  /^--(?:disable-gpu|disable-gpu-compositing|disable-hardware-acceleration|in-process-gpu)$/,
  /^--use-(?:gl|angle|vulkan)(?:=|$)/,
  /^--(?:force-device-scale-factor|high-dpi-support|lang|gtk-version|password-store)(?:=|$)/,
  /^--enable-wayland-ime$/,
  /^--wayland-text-input-version=/,
  /^--user-data-dir=/,
  /^--enable-logging(?:=|$)/,
  /^--log-file=/,
  /^--v(?:module)?=/,
  // Added by Chromium to what a second start hands over, and by Windows to a start from a notification.
  /^--(?:original-process-start-time|notification-launch-id)=/,
  /^--allow-file-access-from-files$/,
  // Added by older macOS to a start from the Finder.
  /^-psn_\d+_\d+$/,
];

/** Whoever may attach a debugger is the page: only while the app is developed and tested. */
const DEBUGGING_OPTIONS: readonly RegExp[] = [
  /^--inspect(?:-brk|-port|-publish-uid)?(?:=|$)/,
  /^--remote-debugging-(?:port|pipe|address)(?:=|$)/,
];

/** Reads the command line; the answers to --help, --version and a word it does not know are part of the result. */
export function parseDesktopArguments({ argv, isPackaged, ...rest }: ArgumentsInput): DesktopArguments {
  const words = isPackaged ? argv.slice(1) : withoutAppFolder(argv.slice(1));
  const end = words.indexOf('--');
  const options = (end < 0 ? words : words.slice(0, end)).filter((word) => word.startsWith('-'));
  if (options.some((word) => word === '--help' || word === '-h')) return say('out', DESKTOP_HELP, 0);
  if (options.includes('--version')) return say('out', `fourtuple ${rest.version}\n`, 0);
  const allowed = isPackaged ? CHROMIUM_OPTIONS : [...CHROMIUM_OPTIONS, ...DEBUGGING_OPTIONS];
  const unknown = options.find((word) => !allowed.some((known) => known.test(word)));
  if (unknown !== undefined) return say('err', sayUnknown(unknown), USAGE_STATUS);
  const files = words.filter((word, index) => (end >= 0 && index > end) || !word.startsWith('-'));
  return {
    kind: 'open',
    files: files.filter((file) => file !== '').map((file) => pathOf(file, rest.cwd)),
  };
}

/** File managers of Linux hand over addresses (%U of a desktop entry). */
function pathOf(file: string, cwd: () => string): string {
  try {
    if (/^file:\/\//i.test(file)) return fileURLToPath(file);
    return isAbsolute(file) ? file : resolve(cwd(), file);
  } catch {
    // Of another machine, no address after all, or relative to nothing: said to be missing under the name it has.
    return resolve('/', file);
  }
}

/** Electron keeps its own options before the folder in argv. */
function withoutAppFolder(words: readonly string[]): string[] {
  const at = words.findIndex((word) => !word.startsWith('-'));
  return at < 0 ? [...words] : words.toSpliced(at, 1);
}

function sayUnknown(word: string): string {
  const shown = sanitiseText(word, 60);
  const why =
    word === '--no-sandbox'
      ? 'Fourtuple does not run without the sandbox of its window'
      : `"${shown}" is not an option`;
  return `fourtuple: ${why}; see fourtuple --help\n`;
}

function say(stream: 'out' | 'err', text: string, status: number): DesktopArguments {
  return { kind: 'answer', stream, text, status };
}
