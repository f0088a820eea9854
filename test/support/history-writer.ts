/** A process that records history as fast as it can and says each sample once it is written; it has to be killed. */
import { writeSync } from 'node:fs';
import { busyAt, rigHistory } from './history.ts';

const [folder = '', fromMs = '0', paceMs = '1000', count = '0'] = process.argv.slice(2);
const rig = rigHistory(folder);
const summaries = Array.from({ length: 16 }, (_, index) => busyAt(index * 1000, 5));
for (let index = 0; index < Number(count); index++) {
  const summary = summaries[index % summaries.length];
  if (!summary) continue;
  const atMs = Number(fromMs) + index * Number(paceMs);
  rig.append({ ...summary, takenAtMs: atMs });
  writeSync(1, `${atMs}\n`);
}
// Waits for its end, open.
setInterval(() => {}, 60_000);
