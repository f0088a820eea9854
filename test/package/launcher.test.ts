import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Linter } from 'eslint';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const LAUNCHER = resolve(import.meta.dirname, '../../bin/fourtuple.cjs');

/** Runs the launcher as if this were another version of Node. */
function runAs(version: string) {
  const program = `Object.defineProperty(process.versions, 'node', { value: '${version}' });
    require(process.argv[1]);`;
  return spawnSync(process.execPath, ['-e', program, LAUNCHER], { encoding: 'utf8' });
}

test.each(['0.10.48', '8.17.0', '20.20.2', '23.11.1'])(
  'Node %s is told in one sentence, with status 3',
  (version) => {
    const ran = runAs(version);
    expect(ran.stderr).toBe(
      `fourtuple: Node is too old: its history is kept by the SQLite that came with Node 24; this is Node ${version}. Install a newer one.\n`,
    );
    expect([ran.stdout, ran.status]).toEqual(['', 3]);
  },
);

test('the file can be read by a Node of any age', () => {
  const text = readFileSync(LAUNCHER, 'utf8');
  const messages = new Linter().verify(text, {
    languageOptions: { ecmaVersion: 5, sourceType: 'script' },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
  });
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
});

test('the package asks for the Node that the launcher asks for', () => {
  const needed = /var needed = (\d+);/.exec(readFileSync(LAUNCHER, 'utf8'))?.[1];
  expect(packageJson.engines.node).toBe(`>=${needed}`);
  expect(packageJson.bin).toEqual({ fourtuple: 'bin/fourtuple.cjs' });
});
