/** Electron for electron-vite, which itself only says "Electron uninstall" where the binary has not been fetched yet. */
import { failureSentence } from '../main/core/words/failure.ts';
import { electronFolderFrom } from '../main/hosts/desktop/launch.ts';
import { obtainElectron, type ProgressOutput } from '../main/hosts/desktop/obtain-electron.ts';

/** Whether this command line of electron-vite opens a window. Without a command it is `dev`. */
export function startsElectron(argv: readonly string[]): boolean {
  if (!/electron-vite/.test(argv[1] ?? '')) return false;
  const words = argv.slice(2);
  if (words.some((word) => ['--help', '-h', '--version', '-v'].includes(word))) return false;
  return !words.includes('build');
}

export interface ProvideOptions {
  electronFolder: string | null;
  env: NodeJS.ProcessEnv;
  output: ProgressOutput;
  /** Ends this process. */
  exit(status: number): never;
}

/** Finds or fetches it and tells electron-vite where it is; where there is none says why and ends with status 1. */
export async function provideElectron(options: ProvideOptions = ofThisProcess()): Promise<void> {
  const { env, output } = options;
  if (env['ELECTRON_EXEC_PATH']) return;
  const binary = await obtainElectron(options);
  if (!binary.ok) {
    output.write(
      `${failureSentence(binary.failure)}\nWithout it: npm start serves the built page to the browser, npm test needs none.\n`,
    );
    options.exit(1);
  }
  env['ELECTRON_EXEC_PATH'] = binary.value;
}

function ofThisProcess(): ProvideOptions {
  return {
    electronFolder: electronFolderFrom(import.meta.url),
    env: process.env,
    output: process.stderr,
    exit: (status) => process.exit(status),
  };
}
