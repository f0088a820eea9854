/** Runs the built command line inside a namespace and reads what it prints. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { namespaceMissing, openNamespace } from '../support/namespace.ts';
import type { NamespaceSettings, TestNamespace } from '../support/namespace.ts';

const CLI = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url));

const levelSchema = z.enum(['ok', 'notice', 'warning', 'critical', 'unknown']);

const findingSchema = z.strictObject({
  id: z.string(),
  rule: z.string(),
  level: levelSchema,
  title: z.string(),
  sentence: z.string(),
  evidence: z.string(),
  figures: z.array(z.string()),
  disproof: z.string(),
  remedies: z.array(
    z.strictObject({
      fixId: z.string(),
      label: z.string(),
      why: z.string(),
      kind: z.enum(['application', 'system', 'relief']),
    }),
  ),
  source: z.string(),
  poolKey: z.string().nullable(),
  pid: z.number().nullable(),
});

/** The object of schema fourtuple.check/1, as the issue that introduced it words it. Strict: an extra field is a change. */
const checkSchema = z.strictObject({
  schema: z.literal('fourtuple.check/1'),
  takenAt: z.iso.datetime(),
  target: z.strictObject({ hostname: z.string(), platform: z.string(), release: z.string() }),
  profile: z.strictObject({
    id: z.string(),
    range: z.strictObject({ first: z.number(), last: z.number() }),
    reservedCount: z.number(),
    timeWaitSeconds: z.number(),
    reuse: z.strictObject({ mode: z.string(), delayMs: z.number() }),
  }),
  totals: z.strictObject({ sockets: z.number(), byState: z.record(z.string(), z.number()) }),
  rates: z.strictObject({
    opensPerSecond: z.number().nullable(),
    closesPerSecond: z.number().nullable(),
    basis: z.string(),
  }),
  pools: z.array(
    z.strictObject({
      localAddress: z.string(),
      remoteAddress: z.string(),
      remotePort: z.number(),
      capacity: z.number(),
      blocked: z.number(),
      slowFrom: z.number().nullable(),
      used: z.number(),
      reusable: z.number(),
      byState: z.record(z.string(), z.number()),
      usedRatio: z.number(),
      openRatePerSecond: z.number().nullable(),
      sustainableRatePerSecond: z.number(),
      exhaustion: z.strictObject({
        expected: z.boolean(),
        inSeconds: z.number().nullable(),
        steadyState: z.number().nullable(),
        basis: z.string(),
      }),
      owners: z.array(
        z.strictObject({
          pid: z.number().nullable(),
          process: z.string().nullable(),
          sockets: z.number(),
          share: z.number(),
          confidence: z.string(),
        }),
      ),
    }),
  ),
  verdict: z.strictObject({
    level: levelSchema,
    sentence: z.string(),
  }),
  findings: z.array(findingSchema),
  degradations: z.array(z.strictObject({ code: z.string(), sentence: z.string() })),
  sampler: z.strictObject({ source: z.string(), dumpMs: z.number(), sockets: z.number() }),
});
export type CheckResult = z.infer<typeof checkSchema>;
export type CheckPool = CheckResult['pools'][number];

export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  tookMs: number;
}

/** Why these tests cannot run here, for a suite's title; null when they can. */
export function checkMissing(): string | null {
  if (!existsSync(CLI)) return 'the command line is not built (npm run build)';
  return namespaceMissing();
}

/** argv of `fourtuple …` under this very Node. */
export function cliArgv(...args: string[]): string[] {
  return [process.execPath, CLI, ...args];
}

/** Runs argv inside the namespace to its end; `input` goes to nobody: its stdin is empty. */
export function runIn(namespace: TestNamespace, argv: readonly string[]): Promise<Ran> {
  const startedMs = performance.now();
  const child = namespace.spawn(argv);
  child.stdin.end();
  const ran: Ran = { code: null, signal: null, stdout: '', stderr: '', tookMs: 0 };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ ...ran, code, signal, tookMs: performance.now() - startedMs }),
    );
  });
}

/** `fourtuple check --json` inside the namespace, parsed; throws when it prints anything but the one object. */
export async function checkJson(namespace: TestNamespace, ...args: string[]): Promise<CheckResult> {
  const ran = await runIn(namespace, cliArgv('check', '--json', ...args));
  if (ran.stderr !== '') throw new Error(`check wrote to stderr: ${ran.stderr}`);
  return checkSchema.parse(JSON.parse(ran.stdout));
}

/** The pool towards this destination; throws with what there is when it is missing. */
export function poolTowards(result: CheckResult, remoteAddress: string, remotePort: number): CheckPool {
  const pool = result.pools.find(
    (candidate) => candidate.remoteAddress === remoteAddress && candidate.remotePort === remotePort,
  );
  if (!pool)
    throw new Error(`no pool towards ${remoteAddress}:${remotePort} among ${JSON.stringify(result.pools)}`);
  return pool;
}

/** Runs `body` in a namespace of its own, which is closed whatever happens. */
export async function withNamespace<T>(
  settings: NamespaceSettings,
  body: (namespace: TestNamespace) => Promise<T>,
): Promise<T> {
  const namespace = await openNamespace(settings);
  try {
    return await body(namespace);
  } finally {
    await namespace.close();
  }
}

/** Waits until `seconds` after an epoch moment. */
export async function until(fromMs: number, seconds: number): Promise<void> {
  await pause(Math.max(0, fromMs + seconds * 1000 - Date.now()));
}
