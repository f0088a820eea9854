/** Prints how long files of other machines take to open and what memory they need; time should grow with the lines. */
import { openImport } from '../../main/sampling/imported/open-import.ts';
import { readFiles } from '../../main/sampling/imported/read-files.ts';
import { NO_SLICES, fileOf } from '../support/dumps.ts';

const SIZES = [100_000, 1_000_000] as const;

/** One line a size and format: seconds to read, seconds to the verdict, memory of the process. */
export async function benchImports(print: (line: string) => void): Promise<void> {
  for (const [name, row, head] of FORMATS) {
    let perLineBefore = 0;
    for (const size of SIZES) {
      const lines = Array.from({ length: size }, (_, index) => row(index));
      const file = fileOf(name, `${head}${lines.join('\n')}\n`);
      const startedMs = performance.now();
      const reading = await readFiles([file], NO_SLICES);
      const readMs = performance.now() - startedMs;
      if (!reading.ok) return print(`${name}: ${JSON.stringify(reading.failure)}`);
      const opened = openImport(reading.value, { profileId: null, poolLimit: 20, nowMs: 0 });
      const sampleMs = performance.now() - startedMs - readMs;
      const rows = opened.ok ? (opened.value.sampler?.last?.table.length ?? 0) : 0;
      const perLine = readMs / size;
      const growth =
        perLineBefore === 0 ? '' : `, ${(perLine / perLineBefore).toFixed(2)} times as long a line`;
      perLineBefore = perLine;
      const megabytes = Math.round(process.memoryUsage.rss() / 1024 ** 2);
      print(
        `${name.padEnd(16)} ${size.toLocaleString('en-US').padStart(9)} lines: read in ${seconds(readMs)}, ` +
          `pools in ${seconds(sampleMs)}, ${rows.toLocaleString('en-US')} sockets, ${megabytes} MB${growth}`,
      );
    }
  }
}

type Format = readonly [name: string, row: (index: number) => string, head: string];

const local = (index: number) => `10.0.${Math.floor(index / 60_000)}.7:${1024 + (index % 60_000)}`;
const remote = (index: number) => `10.1.${index % 250}.9:443`;
const FORMATS: readonly Format[] = [
  [
    'netstat -ano',
    (index) => `  TCP    ${local(index).padEnd(22)} ${remote(index).padEnd(22)} TIME_WAIT       0`,
    '\nActive Connections\n\n  Proto  Local Address          Foreign Address        State           PID\n',
  ],
  [
    'ss -tano',
    (index) => `TIME-WAIT 0 0 ${local(index)} ${remote(index)} timer:(timewait,${index % 60}sec,0)`,
    'State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n',
  ],
];

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
