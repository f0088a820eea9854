import { defineStore } from 'pinia';
import { onScopeDispose } from 'vue';
import { MAX_TRANSCRIPT_PIECE } from '../../preload/contract-evidence.ts';
import type { CallResult } from '../../preload/contract.ts';
import type { Link } from '../link/connect.ts';
import { FIRST_CHARACTERS, growingText } from './growing-text.ts';
import { useLink } from './link-key.ts';

/** What one run printed: fetched in pieces, one in flight, then followed as it comes. */
export const useTranscript = defineStore('transcript', () => {
  const link = useLink();
  const { id: runId, ...printed } = growingText<string>((asked, offset) =>
    link.call('runs.transcript', { runId: asked, offset, limit: MAX_TRANSCRIPT_PIECE }),
  );
  const { chunks, loaded, total, failure, isFetching, isWhole, isCapped, follow, loadAll } = printed;

  /** All of another run's output, up to `most` characters; rejects when it is not kept any more. */
  function textOf(id: string, most = FIRST_CHARACTERS): Promise<string> {
    return id === runId.value && isWhole.value && !isFetching.value
      ? Promise.resolve(chunks.value.join(''))
      : fetchText(link, id, most);
  }

  const stops = [
    link.on('run.printed', (event) => printed.hear(event.runId, event.offset, event.text)),
    // Whatever no event carried is there now.
    link.on('run.finished', (run) => run.runId === runId.value && void printed.fetchMissing()),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));

  return { runId, chunks, loaded, total, failure, isFetching, isWhole, isCapped, follow, loadAll, textOf };
});

async function fetchText(link: Link, runId: string, most: number): Promise<string> {
  const pieces: string[] = [];
  let offset: number | null = 0;
  while (offset !== null && offset < most) {
    const piece: CallResult<'runs.transcript'> = await link.call('runs.transcript', {
      runId,
      offset,
      limit: MAX_TRANSCRIPT_PIECE,
    });
    pieces.push(piece.text);
    offset = piece.nextOffset !== null && piece.nextOffset > offset ? piece.nextOffset : null;
  }
  return pieces.join('');
}
