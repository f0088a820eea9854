/** The journal of changes in files: one a change, each written whole, and on the disk before anything is done. */
import { resolve } from 'node:path';
import type { Outcome } from '../core/model.ts';
import type { Journal } from './journal-parts.ts';

/** The journal below `folder` (stateFolder says which). Nothing is made before something is written. */
export function openJournal(folder: string): Outcome<Journal> {
  void resolve(folder);
  throw new Error('not written yet');
}
