/**
 * Packs the app with the real electron-builder up to where deb, rpm and AppImage need tools that it would download, and
 * writes what it would have handed to them: node pack-app.ts <Electron's folder> <output folder> <file for the answer>.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'electron-builder';
import config from '../../electron-builder.config.ts';

export interface PackAnswer {
  /** Arguments of fpm: once for deb, once for rpm. */
  fpm: { args: string[]; files: Record<string, string> }[];
  /** Desktop entry of the AppImage. */
  appImage: string | null;
}

const PROJECT = resolve(import.meta.dirname, '../..');

if (import.meta.main) await packApp(process.argv.slice(2));

async function packApp([electronDist = '', output = '', answerFile = '']: readonly string[]): Promise<void> {
  const answer: PackAnswer = { fpm: [], appImage: null };
  await build({
    projectDir: PROJECT,
    publish: 'never',
    linux: ['deb', 'rpm', 'AppImage'],
    [process.arch === 'arm64' ? 'arm64' : 'x64']: true,
    config: { ...config, electronDist, directories: { ...config.directories, output } },
    // True stops before the tool is fetched and run.
    effectiveOptionComputed: (computed: unknown) => {
      if (Array.isArray(computed)) answer.fpm.push(readFpm(computed[0]));
      else if (isDesktop(computed)) answer.appImage = computed.desktop;
      return Promise.resolve(true);
    },
  });
  writeFileSync(answerFile, JSON.stringify(answer));
}

function isDesktop(computed: unknown): computed is { desktop: string } {
  return typeof computed === 'object' && computed !== null && 'desktop' in computed;
}

/** The files that it names are gone afterwards; text is kept by where it would be installed, scripts by their option. */
function readFpm(computed: unknown): PackAnswer['fpm'][number] {
  const args = Array.isArray(computed) ? computed.map(String) : [];
  const files: Record<string, string> = {};
  for (const [index, word] of args.entries()) {
    const [, from, to] = /^(\/.*\.(?:desktop|xml))=(.*)$/.exec(word) ?? [];
    if (from !== undefined && to !== undefined) files[to] = readFileSync(from, 'utf8');
    if (/^--after-/.test(word)) files[word] = readFileSync(args[index + 1] ?? '', 'utf8');
  }
  return { args, files };
}
