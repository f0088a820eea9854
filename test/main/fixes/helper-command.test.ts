import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { findFix } from '../../../main/core/fixes/catalogue.ts';
import { languageOf, scriptOf } from '../../../main/core/fixes/script.ts';
import type { HelperMode } from '../../../main/fixes/helper.ts';
import { helperCommand } from '../../../main/fixes/helper-command.ts';
import { anInput, aState, summaryFor } from '../../support/fixes.ts';

const HOLD: HelperMode = { kind: 'hold', seconds: 300 };
const BACK: HelperMode = { kind: 'take-back' };
const SCRIPT = "#!/bin/sh\necho 'it''s \"me\" \\ $HOME'\n";

function commandOf(...words: Parameters<typeof helperCommand>) {
  const command = helperCommand(...words);
  if (!command.ok) throw new Error(JSON.stringify(command.failure));
  return command.value;
}

describe('the command of a helper', () => {
  const shell = ['-c', SCRIPT, 'fourtuple', 'hold', '300'];
  const prompt = 'Fourtuple asks for administrator rights. Password of %p: ';

  test.each([
    ['none', { tool: 'sh', argv: shell, speaks: true }],
    ['sudo', { tool: 'sudo', argv: ['-p', prompt, '--', '/bin/sh', ...shell], speaks: true }],
    ['doas', { tool: 'doas', argv: ['--', '/bin/sh', ...shell], speaks: true }],
    ['pkexec', { tool: 'pkexec', argv: ['--disable-internal-agent', '/bin/sh', ...shell], speaks: true }],
  ] as const)('F1: by %s is the script itself as one argument', (way, command) => {
    expect(commandOf(way, SCRIPT, HOLD)).toEqual(command);
  });

  test('takes back with the same script', () => {
    expect(commandOf('none', SCRIPT, BACK).argv).toEqual(['-c', SCRIPT, 'fourtuple', 'take-back']);
  });

  test('of macOS’s window is one string of AppleScript, and its status is the script’s', () => {
    const { tool, argv, speaks } = commandOf('osascript', SCRIPT, HOLD);
    expect({ tool, speaks, name: argv[2], rest: argv.slice(3) }).toEqual({
      tool: 'sh',
      speaks: false,
      name: 'fourtuple',
      rest: [
        String.raw`do shell script "'/bin/sh' '-c' '#!/bin/sh
echo '\\''it'\\'''\\''s \"me\" \\ $HOME'\\''
' 'fourtuple' 'apply' 2>&1" with administrator privileges without altering line endings`,
      ],
    });
    const relay = argv[1] ?? '';
    const statusOf = (said: string) => {
      // The relay with a program in osascript's place that complains as it does.
      const script = relay
        .replace('/usr/bin/osascript -e', 'complain')
        .replace(/^/, 'complain() { printf %s "$1"; false; }\n');
      return spawnSync('/bin/sh', ['-c', script, 'sh', said]).status;
    };
    expect([
      statusOf('0:9: execution error: User canceled. (-128)'),
      statusOf('execution error: Refused; nothing was changed. (2)'),
      statusOf('execution error: x (3)'),
      statusOf('something else (-10004)'),
    ]).toEqual([126, 2, 3, 127]);
  });

  test('of UAC is base64 of the script and the word, in a command without a double quote', () => {
    const { tool, argv, speaks } = commandOf('uac', "param($Action)\nexit 0 # it's", BACK);
    expect([tool, speaks, ...argv.slice(0, 3)]).toEqual([
      'powershell',
      false,
      '-NoProfile',
      '-NonInteractive',
      '-Command',
    ]);
    const encoded = /'-EncodedCommand','([A-Za-z0-9+/=]+)' }\n/.exec(argv[3] ?? '')?.[1] ?? '';
    expect(Buffer.from(encoded, 'base64').toString('utf16le')).toBe(
      "& {\nparam($Action)\nexit 0 # it's\n} undo",
    );
    expect(argv[3]?.replace(encoded, 'SCRIPT')).toBe(
      `try { $helper = Start-Process -FilePath (Join-Path $PSHOME 'powershell.exe') -Verb RunAs -Wait -PassThru -ArgumentList '-NoProfile','-NonInteractive','-EncodedCommand','SCRIPT' }
catch { [Console]::Error.WriteLine($_.Exception.Message); exit 126 }
exit $helper.ExitCode`,
    );
  });

  test('of an elevated Windows needs nobody in between', () => {
    const { argv, speaks } = commandOf('none', 'exit 0', HOLD);
    expect(argv.slice(0, 3)).toEqual(['-NoProfile', '-NonInteractive', '-EncodedCommand']);
    expect([Buffer.from(argv[3] ?? '', 'base64').toString('utf16le'), speaks]).toEqual([
      '& {\nexit 0\n} apply',
      false,
    ]);
  });

  test('is refused when the system does not take so long an argument', () => {
    const long = (first: string, length: number) => `${first}\n${'#'.repeat(length)}`;
    expect(helperCommand('sudo', long('#!/bin/sh', 100_000), HOLD)).toMatchObject({
      failure: { field: 'script' },
    });
    expect(helperCommand('uac', long('# x', 12_500), HOLD)).toMatchObject({ failure: { field: 'script' } });
    expect(helperCommand('uac', long('# x', 11_000), HOLD)).toMatchObject({ ok: true });
  });

  test('is refused where nothing gives the rights', () => {
    for (const script of [SCRIPT, 'exit 0']) {
      expect(helperCommand('missing', script, HOLD)).toMatchObject({ failure: { code: 'unavailable' } });
    }
    expect(helperCommand('uac', SCRIPT, HOLD)).toMatchObject({ ok: false });
    expect(helperCommand('sudo', 'exit 0', HOLD)).toMatchObject({ ok: false });
  });

  test.each([
    ['linux', 'linux-widen-range', 'sudo'],
    ['macos', 'macos-widen-range', 'osascript'],
    ['windows', 'windows-widen-range', 'uac'],
  ] as const)('of %s holds a real script', (system, id, way) => {
    const plan = findFix(id)?.plan(
      anInput(aState(system), { persist: system !== 'windows' }, summaryFor(system)),
    );
    const script = plan && scriptOf(plan, languageOf(system));
    if (!script?.ok) throw new Error('no script');
    expect(helperCommand(way, script.value, HOLD)).toMatchObject({ ok: true });
  });
});
