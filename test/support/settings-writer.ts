/** A process that changes settings until it is killed: node settings-writer.ts FOLDER. Says each pace it has written. */
import { writeSync } from 'node:fs';
import { SettingsStore } from '../../main/settings/store.ts';

const store = new SettingsStore({ ok: true, value: process.argv[2] ?? '' });
for (let intervalMs = 201; intervalMs <= 10_000; intervalMs++) {
  if (store.change({ sampling: { intervalMs } }).length > 0 || store.state.sentence !== null) process.exit(1);
  writeSync(1, `${intervalMs}\n`);
}
