/** What the palette offers about files from other machines. */
import type { PaletteCommand } from '../../components/palette-commands.ts';
import type { useImports } from '../../stores/imports.ts';

/** Ways in, and the way back while files are shown. */
export function importCommands(
  imports: Pick<ReturnType<typeof useImports>, 'close' | 'openPaste'>,
  isImported: boolean,
): PaletteCommand[] {
  const back: PaletteCommand = {
    id: 'import close',
    label: 'Back to this machine',
    icon: 'undo',
    words: 'import close live',
    run: () => void imports.close(),
  };
  return [
    ...(isImported ? [back] : []),
    {
      id: 'paste',
      label: 'Paste output…',
      icon: 'copy',
      keys: 'Ctrl V',
      words: 'import netstat dump text other machine',
      run: () => imports.openPaste(),
    },
    {
      id: 'open files',
      label: 'Open files…',
      icon: 'evidence',
      hint: 'or drop them on the window',
      words: 'import netstat dump other machine upload',
      run: () => imports.openPaste(),
    },
  ];
}
