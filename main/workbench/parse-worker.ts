/**
 * Entry of the thread that understands outputs, so that a long one never blocks the workbench. Only calculates: starts
 * no process, opens no file.
 */
import { parentPort } from 'node:worker_threads';
import type { ToParser } from './parse-protocol.ts';
import { Understanding } from './understanding.ts';

const understanding = new Understanding();

parentPort?.on('message', (message: ToParser) => {
  const answer = understanding.answer(message);
  if (answer !== null) parentPort?.postMessage(answer);
});
