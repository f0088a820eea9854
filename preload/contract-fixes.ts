/** The contract's calls and events about fixes: what helps, exactly what would be done, carrying it out, taking it back. */
import { z } from 'zod';
import { count, emptyArgs, finite, level, nullable, portRange, share, text } from './contract-atoms.ts';
import { portMapSchema } from './contract-port-map.ts';

/** Most characters of a script, a file's content or a piece of code. */
export const MAX_LONG_TEXT = 64 * 1024;
/** Most characters that can be typed into a change at once, in one message. */
export const MAX_TYPED = 1024;
/** Most characters of one piece of what a change printed. */
export const MAX_CHANGE_PIECE = 32 * 1024;

/** Most steps of a plan. */
export const MAX_STEPS = 50;

const longText = z.string().max(MAX_LONG_TEXT);
const grade = z.enum(['low', 'medium', 'high']);
const change = z.strictObject({ now: nullable(finite), then: nullable(finite) });

export const parametersSchema = z.strictObject({
  range: nullable(portRange),
  reserve: nullable(z.union([z.literal('found'), z.array(portRange).max(500)])),
  poolKey: nullable(text),
  value: nullable(finite),
  pid: nullable(count),
  /** Keep it after a restart of the machine. */
  persist: z.boolean(),
});

export const effectSchema = z.strictObject({
  poolKey: nullable(text),
  /** "10.0.3.12:443". */
  target: text,
  capacity: change,
  sustainableRatePerSecond: change,
  opensPerSecond: change,
  lockSeconds: change,
  steadyState: change,
  used: change,
  runsOutInSeconds: change,
  sentence: text,
});

/** What the wizard asks of a machine about one fix, before it is chosen. */
export const offeredFixSchema = z.strictObject({
  fixId: text,
  title: text,
  kind: z.enum(['application', 'system', 'relief']),
  does: text,
  doesNotHelp: text,
  risk: z.strictObject({ grade, sentence: text }),
  effort: grade,
  takesEffect: text,
  needsReboot: z.boolean(),
  needsAdmin: z.boolean(),
  scopes: z.array(z.enum(['now', 'for good'])),
  /** Its plan has steps that can be carried out from here. */
  isAppliable: z.boolean(),
  /** Parameters that it reads, and what they mean here. */
  takes: z.array(z.strictObject({ name: text, meaning: text })),
  source: text,
  /** Title of the finding that names it, and why; null where none does. */
  finding: nullable(text),
  why: nullable(text),
  /** Why it cannot be done as proposed; null when it can. */
  refused: nullable(text),
  /** How it is taken back, in a few words: "one command", "revert the change". */
  undo: text,
  /** "Removes the cause", "Fastest"; null for most. */
  badge: nullable(text),
  effect: nullable(effectSchema),
  /** Share of the pool in use with it, 0–1; null when it cannot be said. */
  shareThen: nullable(share),
});

export const adviceSchema = z.strictObject({
  id: text,
  title: text,
  verdict: z.enum(['does not help', 'harms', 'is gone', 'hardly helps']),
  really: text,
  insteadFixId: nullable(text),
  source: text,
});

export const recipeSchema = z.strictObject({
  id: text,
  runtime: text,
  protocol: z.enum(['http', 'mysql', 'postgresql', 'redis', 'grpc', 'tcp']),
  title: text,
  language: text,
  before: nullable(longText),
  after: longText,
  pitfalls: z.array(text),
  source: text,
});

const stepSchema = z.strictObject({
  /** As a person knows it: "net.ipv4.ip_local_port_range", a path. */
  title: text,
  /** As a person reads them: "32768 60999", "empty", "not set". */
  current: longText,
  proposed: longText,
  why: text,
  /** Exactly what runs, as it would be typed. A file is shown by its path; its content is `proposed`. */
  command: longText,
  /** Null where it cannot be taken back; `undoNote` then says so. */
  undoCommand: nullable(longText),
  undoNote: nullable(text),
  isFile: z.boolean(),
  needsAdmin: z.boolean(),
  isLasting: z.boolean(),
});

export const planSchema = z.strictObject({
  fixId: text,
  title: text,
  kind: offeredFixSchema.shape.kind,
  takesEffect: text,
  needsReboot: z.boolean(),
  scopes: offeredFixSchema.shape.scopes,
  parameters: parametersSchema,
  takes: offeredFixSchema.shape.takes,
  /** What it sets where the fix takes a number, proposed or asked for; null where it sets none. */
  value: nullable(finite),
  refused: nullable(z.strictObject({ reason: text, offer: nullable(parametersSchema) })),
  steps: z.array(stepSchema).max(MAX_STEPS),
  advice: z.array(z.strictObject({ sentence: text, commands: z.array(text) })),
  recipes: z.array(recipeSchema),
  effect: nullable(effectSchema),
  warnings: z.array(text),
  checked: z.array(text),
  /** Null where there is nothing to carry out. */
  planHash: nullable(text),
  script: nullable(z.strictObject({ language: z.enum(['sh', 'powershell']), name: text, text: longText })),
  /** For fixes of the port range: what is now and then, and the services inside. */
  ranges: nullable(
    z.strictObject({
      present: portRange,
      proposed: portRange,
      presentPorts: count,
      proposedPorts: count,
      reserved: z.array(z.strictObject({ first: count, last: count, label: nullable(text) })).max(500),
    }),
  ),
  /** Share of the pool in use, from now on; null where it cannot be predicted. */
  curve: nullable(
    z.strictObject({
      /** Seconds from now. */
      atSeconds: z.array(finite),
      asIs: z.array(finite),
      withChange: z.array(finite),
      sentence: text,
    }),
  ),
  rights: z.strictObject({
    /** How the rights are had: none needed, or who asks for them. */
    way: z.enum(['none', 'sudo', 'doas', 'pkexec', 'uac', 'osascript', 'missing']),
    /** "sudo asks for your password in the terminal below." */
    sentence: text,
    /** Null when it can be applied from here; else one sentence why not. */
    obstacle: nullable(text),
  }),
});

export const changePhase = z.enum([
  'prepared',
  'applying',
  'holding',
  'kept',
  'undoing',
  'undone',
  'failed',
  'refused',
  'left',
]);

const outcomeRowSchema = z.strictObject({
  /** "Usable ports". */
  title: text,
  before: text,
  predicted: text,
  measured: text,
  /** as predicted · otherwise · not measured yet · cannot be measured. */
  state: z.enum(['held', 'missed', 'waiting', 'unknown']),
  note: text,
});

/** A change, what the journal says of it and what is so. */
export const changeSchema = z.strictObject({
  changeId: count,
  fixId: text,
  title: text,
  phase: changePhase,
  phaseAtMs: finite,
  preparedAtMs: finite,
  asUser: text,
  /** One sentence: what became of it, or what is the matter. */
  sentence: text,
  level,
  /** A process was at work on it and is gone. */
  isInterrupted: z.boolean(),
  /** It was interrupted, and was found undone by itself since this workbench was started. */
  isUndoneByItself: z.boolean(),
  canFinish: z.boolean(),
  canUndo: z.boolean(),
  canKeep: z.boolean(),
  canStop: z.boolean(),
  undoAfterSeconds: nullable(finite),
  undoesAtMs: nullable(finite),
  rightsWay: planSchema.shape.rights.shape.way,
  /** It waits for a person to type into its terminal. */
  wantsTyping: z.boolean(),
  steps: z
    .array(
      z.strictObject({
        title: text,
        /** Before and as intended, as a person reads them. */
        before: longText,
        after: longText,
        /** Null when it was not read. */
        present: nullable(longText),
        status: z.enum(['waiting', 'started', 'done', 'undone', 'left']),
        state: z.enum(['before', 'after', 'other', 'unknown', 'void', 'no-value']),
        note: nullable(text),
        atMs: nullable(finite),
        canUndo: z.boolean(),
      }),
    )
    .max(MAX_STEPS),
  /** What was measured beside what was predicted; null before there is a sample after it. */
  outcome: nullable(
    z.strictObject({
      level,
      /** "It works: 29,167 ports are in use, more than the old pool had." */
      sentence: text,
      measuredSeconds: finite,
      fromMs: finite,
      untilMs: finite,
      rows: z.array(outcomeRowSchema).max(20),
    }),
  ),
  poolKey: nullable(text),
  target: nullable(text),
  printedCharacters: count,
});

export const understandingSchema = z.strictObject({
  title: text,
  /** The pool that it is about; null when there is none. */
  poolKey: nullable(text),
  target: nullable(text),
  /** "python3 4312", null when not known. */
  client: nullable(text),
  localAddress: nullable(text),
  /** Who closes first: this side keeps TIME_WAIT. */
  closesFirst: z.enum(['this side', 'the other side', 'both', 'unknown']),
  /** Mean seconds of one connection; null when not known. */
  openSeconds: nullable(finite),
  waitSeconds: nullable(finite),
  waitSource: text,
  opensPerSecond: nullable(finite),
  /** Rows that add up to the ports in use. */
  sum: z.array(
    z.strictObject({
      title: text,
      state: z.enum(['time-wait', 'established', 'other', 'total']),
      basis: text,
      ports: count,
    }),
  ),
  capacity: nullable(count),
  /** What it is not: checks that passed, with the figures that say so. */
  isNot: z.array(z.strictObject({ title: text, evidence: text, passed: z.boolean() })),
  findings: z.array(z.strictObject({ id: text, level, title: text, sentence: text, evidence: text })),
  /** One or two sentences: what to make of it. */
  moral: text,
});

export const wizardSchema = z.strictObject({
  wizardId: text,
  step: z.enum(['understand', 'choose', 'preview', 'apply', 'verify']),
  /** Steps that can be gone to. */
  reachable: z.array(z.enum(['understand', 'choose', 'preview', 'apply', 'verify'])),
  findingId: nullable(text),
  poolKey: nullable(text),
  fixId: nullable(text),
  parameters: parametersSchema,
  planHash: nullable(text),
  changeId: nullable(count),
});

const subject = { findingId: nullable(text), poolKey: nullable(text) };

export const FIX_CALLS = {
  /** Opens a wizard: for a finding or a pool, at a fix of the catalogue, or on a change of the journal. */
  'wizard.open': {
    args: z.strictObject({ ...subject, fixId: nullable(text), changeId: nullable(count) }),
    result: wizardSchema,
  },
  'wizard.go': {
    args: z.strictObject({ wizardId: text, to: wizardSchema.shape.step }),
    result: wizardSchema,
  },
  'wizard.choose': { args: z.strictObject({ wizardId: text, fixId: text }), result: wizardSchema },
  /** Plans the chosen fix, with other parameters where they are given. What is shown is what will be carried out. */
  'wizard.plan': {
    args: z.strictObject({ wizardId: text, parameters: nullable(parametersSchema) }),
    result: z.strictObject({ wizard: wizardSchema, plan: planSchema }),
  },
  /** Carries the previewed plan out, if `planHash` is its hash. */
  'wizard.apply': {
    args: z.strictObject({
      wizardId: text,
      planHash: text,
      /** Seconds after which it undoes itself unless it is kept; null keeps it at once. */
      undoAfterSeconds: nullable(z.number().int().min(10).max(3600)),
    }),
    result: z.strictObject({ wizard: wizardSchema, change: changeSchema }),
  },
  'fixes.understand': { args: z.strictObject(subject), result: understandingSchema },
  /** Every fix of the system, best first for the subject, and advice that does not help. */
  'fixes.list': {
    args: z.strictObject(subject),
    result: z.strictObject({
      /** False where the sockets are not of this machine as it is now (an import): nothing can be applied. */
      canApply: z.boolean(),
      target: nullable(text),
      shareNow: nullable(share),
      fixes: z.array(offeredFixSchema),
      advice: z.array(adviceSchema),
    }),
  },
  'changes.list': {
    args: emptyArgs,
    result: z.strictObject({
      /** Newest first. */
      changes: z.array(changeSchema).max(200),
      /** Why nothing can be applied (a damaged journal, another window at work); null when it can. */
      obstacle: nullable(text),
      /** Folder of the journal. */
      folder: text,
    }),
  },
  /** How its pool was before it, and what was predicted: a page that was loaded since has not seen it. */
  'changes.before': {
    args: z.strictObject({ changeId: count }),
    result: z.strictObject({
      /** Ports of the pool; null where there was none, or it is not known. */
      capacity: nullable(count),
      curve: planSchema.shape.curve,
      /** Null unless this workbench has begun it. */
      map: nullable(portMapSchema),
    }),
  },
  'changes.keep': { args: z.strictObject({ changeId: count }), result: changeSchema },
  /** Takes it back, or only the steps named (indexes from 0). Also stops one that is being carried out. */
  'changes.undo': {
    args: z.strictObject({ changeId: count, steps: nullable(z.array(count).max(MAX_STEPS)) }),
    result: changeSchema,
  },
  /** Carries out what an interrupted change had left to do. */
  'changes.finish': { args: z.strictObject({ changeId: count }), result: changeSchema },
  /** What a person types into the terminal of a change that is at work; nothing of it is kept. */
  'changes.type': {
    args: z.strictObject({ changeId: count, data: z.string().max(MAX_TYPED) }),
    result: z.strictObject({ typed: z.boolean() }),
  },
  'changes.resize': {
    args: z.strictObject({
      changeId: count,
      columns: count.min(20).max(500),
      rows: count.min(2).max(200),
    }),
    result: z.strictObject({ resized: z.boolean() }),
  },
  /** A piece of what it printed, from `offset` in characters (UTF-16 units). */
  'changes.transcript': {
    args: z.strictObject({ changeId: count, offset: count, limit: count.max(MAX_CHANGE_PIECE) }),
    result: z.strictObject({
      text: z.string().max(MAX_CHANGE_PIECE + 2),
      nextOffset: nullable(count),
      totalCharacters: count,
    }),
  },
} as const;

export const FIX_EVENTS = {
  'wizard.changed': wizardSchema,
  /** After each step, and once a second while its effect is measured. */
  'change.updated': changeSchema,
  /** `offset` counts characters as in changes.transcript. */
  'change.printed': z.strictObject({ changeId: count, offset: count, text: z.string() }),
} as const;

export type WizardInfo = z.infer<typeof wizardSchema>;
export type FixParametersInfo = z.infer<typeof parametersSchema>;
export type OfferedFix = z.infer<typeof offeredFixSchema>;
export type AdviceInfo = z.infer<typeof adviceSchema>;
export type RecipeInfo = z.infer<typeof recipeSchema>;
export type PlanInfo = z.infer<typeof planSchema>;
export type ChangeInfo = z.infer<typeof changeSchema>;
export type Understanding = z.infer<typeof understandingSchema>;
export type FixEffect = z.infer<typeof effectSchema>;
