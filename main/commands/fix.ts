/** `fourtuple fix`: which fixes there are, what one would do, the same as a script, and carrying it out. */
import { ADVICE } from '../core/fixes/advice.ts';
import { findFix, FIXES } from '../core/fixes/catalogue.ts';
import type { Fix, Plan, PlanInput } from '../core/fixes/model.ts';
import { rankFixes } from '../core/fixes/rank.ts';
import { scriptOf } from '../core/fixes/script.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { sayPoolTarget } from '../core/words/pool-target.ts';
import { applyFix } from './fix-apply.ts';
import { changesHere, type ChangeMachine } from './changes-here.ts';
import type { Output } from './check.ts';
import { lookAtFiles, lookAtThisMachine, type FixSubject } from './fix-gather.ts';
import { fixObject, listObject } from './fix-object.ts';
import { FIX_HELP, parseFixOptions, type FixOptions } from './fix-options.ts';
import { listText } from './fix-list-text.ts';
import { planText } from './fix-text.ts';
import { usage, usageSentence } from './usage.ts';

/** Exit statuses, as the help has them. */
const SHOWN = 0;
const REFUSED = 1;
const NOT_SHOWN = 3;

/** How the command looks; tests pass their own. */
export type Look = (options: FixOptions, signal: AbortSignal) => Promise<Outcome<FixSubject>>;

/** This machine, or the files that are named. */
export const lookAround: Look = (options, signal) =>
  options.from.length > 0 ? lookAtFiles(options, () => process.stdin) : lookAtThisMachine(options, signal);

/** Runs the command; gives its exit status. */
export async function runFix(
  argv: readonly string[],
  output: Output,
  signal: AbortSignal,
  look: Look = lookAround,
  machine: ChangeMachine = changesHere(process.platform),
): Promise<number> {
  const parsed = parseFixOptions(argv);
  if (!parsed.ok) return complain(output, parsed.failure, '; see fourtuple fix --help');
  const options = parsed.value;
  if (options.help) {
    output.out(FIX_HELP);
    return SHOWN;
  }
  const fix = options.fixId === null ? null : findFix(options.fixId);
  if (options.fixId !== null && fix === null) return complain(output, unknownFix(options.fixId));
  const looked = await look(options, signal);
  if (!looked.ok) return complain(output, looked.failure);
  const input = inputOf(looked.value, options);
  if (!input.ok) return complain(output, input.failure);
  if (fix === null) return list(input.value, options, output);
  const plan = planFor(fix, input.value);
  if (!plan.ok) return complain(output, plan.failure);
  const { apply } = options;
  if (apply === null) return show(fix, plan.value, options, output);
  const subject = { fix, plan: plan.value, summary: input.value.summary };
  return applyFix(subject, { ...options, apply }, { machine, output, signal });
}

function inputOf({ summary, state }: FixSubject, { parameters }: FixOptions): Outcome<PlanInput> {
  const { poolKey } = parameters;
  if (poolKey === null) return { ok: true, value: { summary, state, parameters } };
  const pool = summary.pools.find((each) => each.key === poolKey || sayPoolTarget(each) === poolKey);
  if (pool) return { ok: true, value: { summary, state, parameters: { ...parameters, poolKey: pool.key } } };
  const message = `no pool is called "${sanitiseText(poolKey, 80)}" here; ${sayPools(summary)}`;
  return { ok: false, failure: { code: 'invalid', field: '--pool', message } };
}

const POOLS_NAMED = 3;

function sayPools({ pools }: Summary): string {
  const named = pools.slice(0, POOLS_NAMED).map(sayPoolTarget);
  return named.length === 0
    ? 'none is in use'
    : `in use are ${named.join(', ')}${pools.length > POOLS_NAMED ? ' …' : ''}`;
}

function list(input: PlanInput, { all, json }: FixOptions, output: Output): number {
  const { summary, state } = input;
  if (summary === null) throw new Error('a list needs a sample');
  const lists = {
    summary,
    ranked: rankFixes(input),
    others: all ? FIXES.filter(({ platforms }) => !platforms.includes(state.system)) : [],
    advice: all ? ADVICE : [],
  };
  output.out(json ? `${JSON.stringify(listObject(lists))}\n` : listText(lists));
  return SHOWN;
}

function planFor(fix: Fix, input: PlanInput): Outcome<Plan> {
  if (fix.platforms.includes(input.state.system)) return { ok: true, value: fix.plan(input) };
  const message = `${fix.id} is for ${fix.platforms.join(', ')}, and this is ${input.state.system}`;
  return usage('fix', message);
}

function show(fix: Fix, plan: Plan, options: FixOptions, output: Output): number {
  if (options.script !== null) return script(plan, options.script, output);
  output.out(options.json ? `${JSON.stringify(fixObject(fix, plan))}\n` : planText(fix, plan));
  return plan.refused === null ? SHOWN : REFUSED;
}

function script(plan: Plan, language: 'sh' | 'powershell', output: Output): number {
  const made = scriptOf(plan, language);
  if (!made.ok) {
    complain(output, made.failure);
    const offer = plan.refused?.offerOptions ?? null;
    if (offer !== null)
      output.err(`Possible instead: fourtuple fix ${plan.fixId} ${offer} --script ${language}\n`);
    return plan.refused === null ? NOT_SHOWN : REFUSED;
  }
  output.out(made.value);
  return SHOWN;
}

function unknownFix(id: string): Failure {
  const message = `there is no fix "${sanitiseText(id, 40)}"; fourtuple fix --all lists them`;
  return { code: 'invalid', field: 'fix', message };
}

function complain(output: Output, failure: Failure, hint = ''): number {
  output.err(`fourtuple fix: ${usageSentence(failure)}${hint || '.'}\n`);
  return NOT_SHOWN;
}
