/** A line about a change that was interrupted, before a command does what it was asked. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ownStateFolder } from '../storage/state-folder.ts';
import type { Output } from './check.ts';

/** Says nothing where there is nothing to say: the journal's own commands tell what is wrong with it. */
export async function mentionInterrupted(output: Pick<Output, 'err'>): Promise<void> {
  const folder = ownStateFolder();
  // Most machines have none, and what reads it takes time to load.
  if (!folder.ok || !existsSync(join(folder.value, 'changes'))) return;
  const [{ openJournal }, { openChange }, { placeNow }] = await Promise.all([
    import('../fixes/journal.ts'),
    import('../fixes/changes-check.ts'),
    import('../fixes/present.ts'),
  ]);
  const journal = openJournal(folder.value);
  const listed = journal.ok ? journal.value.list() : journal;
  if (!journal.ok || !listed.ok || journal.value.holder() !== null) return;
  const open = openChange(listed.value, placeNow({ platform: process.platform }));
  if (open !== null) output.err(`Change ${open.id} was interrupted: fourtuple journal\n`);
}
