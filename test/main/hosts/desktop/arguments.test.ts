import { describe, expect, test } from 'vitest';
import { DESKTOP_HELP, parseDesktopArguments } from '../../../../main/hosts/desktop/arguments.ts';

const parse = (words: readonly string[], isPackaged = true) =>
  parseDesktopArguments({
    argv: isPackaged ? ['/opt/fourtuple', ...words] : ['/x/electron', ...words],
    isPackaged,
    version: '1.2.3',
    cwd: () => '/home/u',
  });

describe('the command line of the desktop app', () => {
  test('opens the window with the files it names', () => {
    expect(parse([])).toEqual({ kind: 'open', files: [] });
    expect(parse(['a.json', '/tmp/b', '', '--', '-c'])).toEqual({
      kind: 'open',
      files: ['/home/u/a.json', '/tmp/b', '/home/u/-c'],
    });
  });

  test('a folder that is gone is no reason not to start', () => {
    const gone = () => {
      throw new Error('ENOENT: no such file or directory, uv_cwd');
    };
    const input = { isPackaged: true, version: '1.2.3', cwd: gone };
    expect(parseDesktopArguments({ ...input, argv: ['/x', '/tmp/a', 'b'] })).toEqual({
      kind: 'open',
      files: ['/tmp/a', '/b'],
    });
  });

  test('takes the addresses that file managers hand over', () => {
    expect(parse(['file:///home/u/a%20b.fourtuple.json', 'FILE:///tmp/c', 'file://other/x'])).toEqual({
      kind: 'open',
      files: ['/home/u/a b.fourtuple.json', '/tmp/c', '/file:/other/x'],
    });
  });

  test('unpackaged, the folder of the app is no file, wherever Electron puts its own options', () => {
    expect(parse(['--inspect=0', '.', 'a.json'], false)).toEqual({ kind: 'open', files: ['/home/u/a.json'] });
    expect(parse(['.'], false)).toEqual({ kind: 'open', files: [] });
    expect(parse(['--version'], false)).toMatchObject({ status: 0 });
  });

  test.each([
    [['--help'], 'out', DESKTOP_HELP, 0],
    [['a.json', '-h'], 'out', DESKTOP_HELP, 0],
    [['--version'], 'out', 'fourtuple 1.2.3\n', 0],
    [['--verison'], 'err', 'fourtuple: "--verison" is not an option; see fourtuple --help\n', 2],
    [['-\u202ex'], 'err', 'fourtuple: "-\\u202ex" is not an option; see fourtuple --help\n', 2],
  ] as const)('%j is answered without a window', (words, stream, text, status) => {
    expect(parse(words)).toEqual({ kind: 'answer', stream, text, status });
  });

  test.each(['--ozone-platform-hint=auto', '--disable-gpu', '-psn_0_1234'])(
    'passes %s, which a desktop adds',
    (word) => expect(parse([word])).toEqual({ kind: 'open', files: [] }),
  );

  test.each(['--remote-debugging-port=0', '--inspect=0'])(
    '%s, by which another program would be the page, is for development only',
    (word) => {
      expect(parse([word])).toMatchObject({ kind: 'answer', status: 2 });
      expect(parse([word], false)).toEqual({ kind: 'open', files: [] });
    },
  );

  test.each([
    '--no-sandbox',
    '--disable-web-security',
    '--disable-site-isolation-trials',
    '--allow-running-insecure-content',
    '--disable-gpu-sandbox',
  ])('G3: %s, which would weaken the window, is refused', (word) => {
    expect(parse([word])).toMatchObject({ kind: 'answer', status: 2 });
  });
});
