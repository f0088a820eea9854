import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readFiles, type ImportFile } from '../../../../main/sampling/imported/read-files.ts';
import {
  LINUX_SYSCTL,
  NO_SLICES,
  WINDOWS_DYNAMIC_PORTS,
  WINDOWS_EXCLUDED_PORTS,
  fileOf,
  linuxSs,
  windowsNetstat,
} from '../../../support/dumps.ts';

async function read(...files: ImportFile[]) {
  const reading = await readFiles(files, NO_SLICES);
  if (!reading.ok) throw new Error(JSON.stringify(reading.failure));
  return reading.value;
}

describe('reading files', () => {
  it('reads what PowerShell and old consoles write', async () => {
    const german = windowsNetstat(3, 1, {
      titles: '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
      listening: 'ABHÖREN',
    });
    const reading = await read(
      fileOf('utf16.txt', Buffer.concat([Buffer.from([0xff, 0xfe]), iconv.encode(german, 'utf-16le')])),
      fileOf('cp850.txt', iconv.encode(german, 'cp850')),
    );
    expect(
      reading.files.map(({ encoding, sockets, problemCount }) => [encoding, sockets, problemCount]),
    ).toEqual([
      ['UTF-16LE', 7, 0],
      ['CP850', 7, 0],
    ]);
    // The second file names the same sockets.
    expect(reading.table.length).toBe(7);
    expect(reading.repeatedCount).toBe(7);
  });

  it('parts a paste at its prompts and keeps line numbers of the paste', async () => {
    const paste =
      'root@web-3:~# ss -tano\n' +
      linuxSs(2) +
      'TIME-WAIT 0      0      10.0.2.7:99999     10.0.3.12:443\n' +
      'root@web-3:~# sysctl net.ipv4.ip_local_port_range\n' +
      'net.ipv4.ip_local_port_range = 1024\t65535';
    const reading = await read(fileOf('paste', paste, null));
    expect(reading.files[0]).toMatchObject({
      format: 'ss of Linux, sysctl',
      sockets: 3,
      factCount: 1,
      problemCount: 1,
      truncated: false,
    });
    expect(reading.files[0]?.problems[0]?.line).toBe(6);
    expect(reading.promptHost).toBe('web-3');
    expect(reading.facts).toContainEqual(
      expect.objectContaining({ name: 'net.ipv4.ip_local_port_range', value: '1024 65535' }),
    );
  });

  it('reads netstat, dynamic ports and excluded ports from one file, with or without prompts', async () => {
    const bare = windowsNetstat(3, 1) + WINDOWS_DYNAMIC_PORTS + WINDOWS_EXCLUDED_PORTS;
    const prompted =
      `C:\\> netstat -ano\r\n${windowsNetstat(3, 1)}\r\nC:\\> netsh int ipv4 show dynamicport tcp\r\n${WINDOWS_DYNAMIC_PORTS}` +
      `\r\nC:\\> netsh int ipv4 show excludedportrange protocol=tcp\r\n${WINDOWS_EXCLUDED_PORTS}\r\nC:\\> \r\n`;
    for (const text of [bare, prompted]) {
      const { files, facts } = await read(fileOf('all.txt', text));
      expect(files[0]).toMatchObject({ sockets: 7, problemCount: 0 });
      expect(facts.map(({ kind }) => kind)).toEqual(['dynamic-ports', 'excluded-ports', 'excluded-ports']);
    }
  });

  it('says of a file that holds nothing what it is and what can be read', async () => {
    const reading = await read(
      fileOf('empty.txt', ''),
      fileOf('notes.txt', 'call me back\n'),
      fileOf('core', new Uint8Array(500)),
      fileOf('failed.txt', 'bash: ss: command not found\n'),
      fileOf('\u001b]0;x\u0007.txt', 'hello\n'),
    );
    const sentences = reading.files.map(({ sentence }) => sentence);
    expect(sentences[0]).toContain('empty.txt is empty');
    expect(sentences[1]).toMatch(/^notes\.txt holds no output that can be read\. These can: .*ss of Linux/);
    expect(sentences[2]).toContain('core is not text');
    expect(sentences[3]).toContain('message of a tool that failed');
    expect(sentences[4]).toContain('\\x1b]0;x\\x07.txt');
    expect(reading.files.every(({ format }) => format === null)).toBe(true);
  });

  it('counts lines around the output as not understood', async () => {
    const { files } = await read(fileOf('mail.txt', `Hello,\nhere it is:\n\n${linuxSs(1)}\n\nBye\n`));
    expect(files[0]).toMatchObject({ sockets: 2, problemCount: 3 });
    expect(files[0]?.problems.map(({ line }) => line)).toEqual([1, 2, 9]);
  });

  it('drops a last line that was cut, and says so; a paste is taken as whole', async () => {
    const cut = `${LINUX_SYSCTL}net.ipv4.ip_unprivileged_port_start = 10`;
    const [file, paste] = [await read(fileOf('a', cut)), await read(fileOf('a', cut, null))];
    expect([file.files[0]?.truncated, file.files[0]?.factCount]).toEqual([true, 6]);
    expect([paste.files[0]?.truncated, paste.files[0]?.factCount]).toEqual([false, 7]);
  });

  it('refuses more files or bytes than an import may have', async () => {
    const many = Array.from({ length: 17 }, (_, i) => fileOf(`${i}`, 'x'));
    expect(await readFiles(many, NO_SLICES)).toMatchObject({ ok: false, failure: { code: 'invalid' } });
    const large = { name: 'large', modifiedAtMs: 1, bytes: new Uint8Array(256 * 1024 * 1024 + 1) };
    expect(await readFiles([large], NO_SLICES)).toMatchObject({ ok: false, failure: { code: 'invalid' } });
  });

  it('gives signs of life within a long reading, and turns between its parts', async () => {
    let signs = 0;
    let pauses = 0;
    const slices = { pause: async () => void pauses++, alive: () => void signs++ };
    await readFiles([fileOf('long', linuxSs(32_500))], slices);
    expect([signs, pauses]).toEqual([1, 4]);
  });
});
