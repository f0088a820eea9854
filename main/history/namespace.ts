/** One file holds what was seen from every network namespace of its user: the time line says where it changes. */
import type { Place } from '../core/fixes/change.ts';
import { sayNamespaceChange } from '../core/words/history.ts';
import { addMark } from './marks.ts';
import type { Database } from './sqlite.ts';

const KEY = 'network-namespace';

/**
 * Remembers where history is written from now on; true when a mark was put because it was another namespace before.
 * Numbers of namespaces count within one run of the system: after a restart nothing is compared.
 */
export function noteNamespace(
  database: Database,
  { bootId, networkNamespace }: Place,
  nowMs: number,
): boolean {
  if (bootId === null || networkNamespace === null) return false;
  const row = database.prepare('SELECT value FROM meta WHERE key = ?').get(KEY);
  const [bootBefore, before] = String(row?.['value'] ?? '').split(' ');
  if (bootBefore === bootId && before === networkNamespace) return false;
  database
    .prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    )
    .run(KEY, `${bootId} ${networkNamespace}`);
  if (bootBefore !== bootId || before === undefined) return false;
  addMark(database, { kind: 'note', atMs: nowMs, ...sayNamespaceChange(before, networkNamespace) });
  return true;
}
