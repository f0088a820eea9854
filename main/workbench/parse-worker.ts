/**
 * Entry of the thread that understands outputs, so that a long one never blocks the workbench. Only calculates: starts
 * no process, opens no file.
 */
import { parentPort } from 'node:worker_threads';
import type { Outcome } from '../core/model.ts';
import { KeptOutputs } from './kept-outputs.ts';
import type { FromParser, ToParser } from './parse-protocol.ts';
import { understand } from './understand.ts';

const kept = new KeptOutputs();

parentPort?.on('message', (message: ToParser) => {
  const { id } = message;
  const outcome = answer(message);
  const reply: FromParser = outcome.ok
    ? { type: 'answer', id, ok: true, value: outcome.value }
    : { type: 'answer', id, ok: false, failure: outcome.failure };
  parentPort?.postMessage(reply);
});

function answer(message: ToParser): Outcome<unknown> {
  if (message.type === 'page') {
    const page = kept.page(message.runId, message.offset, message.limit);
    return page
      ? { ok: true, value: page }
      : { ok: false, failure: { code: 'gone', what: 'what was understood' } };
  }
  const outcome = understand(message.output);
  if (!outcome.ok) return outcome;
  kept.keep(message.output.runId, outcome.value.understood);
  return { ok: true, value: outcome.value.judgement };
}
