/** The shape of plans and changes in the journal: what is read back is parsed as anything from outside is. */
import { z } from 'zod';
import type { Change } from '../core/fixes/change.ts';
import type { Plan } from '../core/fixes/model.ts';

const nullableNumber = z.number().nullable();
const changeOf = z.strictObject({ now: nullableNumber, then: nullableNumber });
const port = z.int().min(0).max(65_535);
const portRange = z.strictObject({ first: port, last: port });
const family = z.union([z.literal(4), z.literal(6)]);
const pid = z.int().positive();

const absent = z.strictObject({ kind: z.literal('absent') });
const valued = z.strictObject({ kind: z.literal('value'), text: z.string() });
const intended = z.discriminatedUnion('kind', [valued, absent]);
const known = z.discriminatedUnion('kind', [
  valued,
  absent,
  z.strictObject({ kind: z.literal('unknown'), why: z.string() }),
]);

const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sysctl'), key: z.string() }),
  z.strictObject({ kind: z.literal('file'), path: z.string(), mode: z.literal('0644') }),
  z.strictObject({ kind: z.literal('dynamic-ports'), family }),
  z.strictObject({ kind: z.literal('excluded-ports'), family, range: portRange }),
  z.strictObject({ kind: z.literal('registry'), name: z.string() }),
  z.strictObject({ kind: z.literal('auto-reuse'), setting: z.string() }),
  z.strictObject({ kind: z.literal('service'), name: z.string() }),
  z.strictObject({ kind: z.literal('descriptor-limit'), pid, startTicks: z.int().nonnegative().nullable() }),
  z.strictObject({ kind: z.literal('action'), name: z.string() }),
]);

const operation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), argv: z.array(z.string()).min(1) }),
  z.strictObject({
    kind: z.literal('write-file'),
    path: z.string(),
    mode: z.literal('0644'),
    content: z.string(),
  }),
  z.strictObject({ kind: z.literal('delete-file'), path: z.string() }),
]);

const step = z.strictObject({
  target,
  title: z.string(),
  current: known,
  proposed: intended,
  why: z.string(),
  apply: operation,
  undo: operation.nullable(),
  undoNote: z.string().nullable(),
  needsAdmin: z.boolean(),
  isLasting: z.boolean(),
});

const effect = z.strictObject({
  poolKey: z.string().nullable(),
  target: z.string(),
  capacity: changeOf,
  sustainableRatePerSecond: changeOf,
  opensPerSecond: changeOf,
  lockSeconds: changeOf,
  steadyState: changeOf,
  used: changeOf,
  runsOutInSeconds: changeOf,
  sentence: z.string(),
});

const recipe = z.strictObject({
  id: z.string(),
  runtime: z.string(),
  protocol: z.enum(['http', 'mysql', 'postgresql', 'redis', 'grpc', 'tcp']),
  title: z.string(),
  language: z.string(),
  before: z.string().nullable(),
  after: z.string(),
  pitfalls: z.array(z.string()),
  source: z.string(),
});

const parameters = z.strictObject({
  range: portRange.nullable(),
  reserve: z.union([z.array(portRange), z.literal('found')]).nullable(),
  poolKey: z.string().nullable(),
  value: nullableNumber,
  pid: nullableNumber,
  persist: z.boolean(),
});

export const planSchema: z.ZodType<Plan> = z.strictObject({
  fixId: z.string(),
  title: z.string(),
  system: z.enum(['linux', 'windows', 'macos', 'freebsd']),
  refused: z
    .strictObject({
      reason: z.string(),
      offer: parameters.nullable(),
      offerOptions: z.string().nullable(),
    })
    .nullable(),
  steps: z.array(step),
  advice: z.array(z.strictObject({ sentence: z.string(), commands: z.array(z.string()) })),
  recipes: z.array(recipe),
  effect: effect.nullable(),
  warnings: z.array(z.string()),
  checked: z.array(z.string()),
});

const figures = z.strictObject({
  atMs: z.number(),
  overSeconds: z.number(),
  poolKey: z.string(),
  target: z.string(),
  capacity: z.number(),
  used: z.number(),
  timeWait: z.number(),
  reusable: z.number(),
  opensPerSecond: nullableNumber,
  sustainableRatePerSecond: nullableNumber,
  runsOutInSeconds: nullableNumber,
  isFull: z.boolean(),
});

export const changeSchema: z.ZodType<Change> = z
  .strictObject({
    id: z.int().positive(),
    plan: planSchema,
    planHash: z.string().regex(/^[0-9a-f]{64}$/),
    place: z.strictObject({ bootId: z.string().nullable(), networkNamespace: z.string().nullable() }),
    asUser: z.string(),
    preparedAtMs: z.number(),
    undoAfterSeconds: nullableNumber,
    phase: z.enum([
      'prepared',
      'applying',
      'holding',
      'kept',
      'undoing',
      'undone',
      'failed',
      'refused',
      'left',
    ]),
    phaseAtMs: z.number(),
    steps: z.array(
      z.strictObject({
        status: z.enum(['waiting', 'started', 'done', 'undone', 'left']),
        atMs: nullableNumber,
        note: z.string().nullable(),
      }),
    ),
    undoesAtMs: nullableNumber,
    sentence: z.string().nullable(),
    before: figures.nullable(),
    after: figures.nullable(),
  })
  .refine(
    ({ plan, steps }) => plan.steps.length === steps.length,
    'it has another number of steps than its plan',
  );
