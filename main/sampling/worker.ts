/** Entry of the sampler's child process: speaks the protocol of protocol.ts with the process that forked it. */
import { performance } from 'node:perf_hooks';
import { THRESHOLD_NAMES } from '../core/assess.ts';
import type { Thresholds } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import { connectParent } from '../terminal/parent-port.ts';
import { answerCall } from './answers.ts';
import { choosePlatform } from './choose.ts';
import { Imports } from './imported/imports.ts';
import type { Slices } from './imported/read-files.ts';
import { Pacer } from './pacer.ts';
import {
  HEARTBEAT_MS,
  OWN_CALLS,
  SAMPLER_CALLS,
  type FromSampler,
  type SamplerQuestion,
  type ToSampler,
} from './protocol.ts';
import { Publisher } from './publisher.ts';
import { Sampler, type SamplerClock } from './sampler.ts';

const POOLS_IN_SUMMARY = 20;
/** After so many failed samples in a row this process ends: a new one opens the sockets' source afresh. */
const FAILURES_BEFORE_END = 3;
const EXIT_NO_SAMPLES = 70;

const clock: SamplerClock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

function main(): void {
  const parent = connectParent<FromSampler>();
  if (!parent) {
    process.stderr.write(
      'This file is the sampler process of Fourtuple; run `fourtuple check` or `fourtuple serve`.\n',
    );
    process.exit(3);
  }
  const post = (message: FromSampler) => parent.post(message);
  parent.onEnd(() => process.exit(0));
  post({ type: 'ready', pid: process.pid });
  setInterval(() => {
    if (!parent.isConnected()) process.exit(0);
    post({ type: 'beat' });
  }, HEARTBEAT_MS);

  const platform = choosePlatform(process.platform);
  if (!platform.ok) return post({ type: 'unable', failure: platform.failure });
  const sampler = new Sampler({ platform: platform.value, clock, poolLimit: POOLS_IN_SUMMARY });
  const opened = sampler.open();
  if (!opened.ok) return post({ type: 'unable', failure: opened.failure });

  const publisher = new Publisher({
    imported: () => imports.opened?.last?.summary ?? null,
    post: (summary) => post({ type: 'summary', summary }),
  });
  const imports = new Imports({
    slices: slicesOf(() => post({ type: 'beat' })),
    poolLimit: POOLS_IN_SUMMARY,
    nowMs: clock.nowMs,
    onChange: () => publisher.changed(),
  });
  let failures = 0;
  const pacer = new Pacer({
    sampler,
    clock,
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    memoryBytes: () => process.memoryUsage.rss(),
    onSummary: (summary) => {
      failures = 0;
      publisher.live(summary);
    },
    onFailure: (failure) => {
      process.stderr.write(`fourtuple sampler: ${failureSentence(failure)}\n`);
      if (++failures === FAILURES_BEFORE_END) process.exit(EXIT_NO_SAMPLES);
    },
  });
  parent.onMessage((raw) => {
    const message = readMessage(raw);
    if (!message) return;
    if (message.type === 'stop') process.exit(0);
    if (message.type === 'configure') {
      if (message.thresholds) {
        sampler.setThresholds(message.thresholds);
        imports.setThresholds(message.thresholds);
      }
      return pacer.configure(message);
    }
    const { id, name, args } = message;
    void answerCall({ live: sampler, imports }, name, args).then((answer) =>
      post(
        answer.ok
          ? { type: 'answer', id, ok: true, value: answer.value }
          : { type: 'answer', id, ok: false, failure: answer.failure },
      ),
    );
  });
  pacer.start();
}

/** Between two slices of a long reading timers and messages have their turn; within one, beats go on. */
function slicesOf(beat: () => void): Slices {
  let lastBeatMs = clock.monotonicMs();
  return {
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    alive: () => {
      if (clock.monotonicMs() - lastBeatMs < HEARTBEAT_MS / 2) return;
      lastBeatMs = clock.monotonicMs();
      beat();
    },
  };
}

/** A message of the protocol, or null for anything else. */
function readMessage(raw: unknown): ToSampler | null {
  if (typeof raw !== 'object' || raw === null || !('type' in raw)) return null;
  const message = raw as Record<string, unknown>;
  if (message['type'] === 'stop') return { type: 'stop' };
  if (message['type'] === 'configure') {
    const { intervalMs, paused } = message;
    const thresholds = readThresholds(message['thresholds']);
    return {
      type: 'configure',
      ...(typeof intervalMs === 'number' && Number.isFinite(intervalMs) ? { intervalMs } : {}),
      ...(typeof paused === 'boolean' ? { paused } : {}),
      ...(thresholds ? { thresholds } : {}),
    };
  }
  const { id, name, args } = message;
  if (message['type'] !== 'call' || typeof id !== 'number' || !isQuestion(name)) return null;
  return { type: 'call', id, name, args };
}

function readThresholds(raw: unknown): Thresholds | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const values = raw as Record<keyof Thresholds, unknown>;
  const isWhole = THRESHOLD_NAMES.every((name) => Number.isFinite(values[name]));
  return isWhole ? (values as Thresholds) : null;
}

function isQuestion(name: unknown): name is SamplerQuestion {
  return [...SAMPLER_CALLS, ...OWN_CALLS].some((call) => call === name);
}

main();
