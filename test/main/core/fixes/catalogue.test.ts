import { describe, expect, test } from 'vitest';
import { ADVICE } from '../../../../main/core/fixes/advice.ts';
import { chooseRecipes, KEEP_ALIVE_RECIPES } from '../../../../main/core/fixes/application/recipes.ts';
import { findFix, FIXES, fixesFor } from '../../../../main/core/fixes/catalogue.ts';
import type { Fix, FixParameters, Plan } from '../../../../main/core/fixes/model.ts';
import { NAMED_FIXES } from '../../../../main/core/findings/remedies.ts';
import type { SystemId } from '../../../../main/core/readings.ts';
import { anInput, aState, summaryFor, tcp, udp } from '../../../support/fixes.ts';
import { expectGoodWording } from '../../../support/wording.ts';

const SYSTEMS: readonly SystemId[] = ['linux', 'windows', 'macos', 'freebsd'];
const CHOICES: readonly Partial<FixParameters>[] = [
  {},
  { persist: true },
  { range: { first: 8000, last: 65535 } },
  { range: { first: 100, last: 200 } },
  { reserve: [{ first: 33000, last: 33001 }] },
  { value: 20 },
  { value: 999_999_999 },
  { pid: 4312, persist: true },
  { poolKey: 'nowhere' },
];

function allPlans(): { fix: Fix; plan: Plan }[] {
  return SYSTEMS.flatMap((system) =>
    [[], [tcp(15432, 'postgres'), udp(20000), tcp(40000)]].flatMap((tcpPorts) =>
      [null, summaryFor(system)].flatMap((summary) =>
        fixesFor(system).flatMap((fix) =>
          CHOICES.map((choice) => ({
            fix,
            plan: fix.plan(anInput(aState(system, { tcpPorts }), choice, summary)),
          })),
        ),
      ),
    ),
  );
}

describe('the catalogue of fixes', () => {
  test('has an entry for every fix that a finding names, with the same words and kind', () => {
    for (const [id, { label, kind }] of Object.entries(NAMED_FIXES)) {
      expect(findFix(id), id).toMatchObject({ title: label, kind });
    }
  });

  test('names each fix once', () => {
    expect(new Set(FIXES.map(({ id }) => id)).size).toBe(FIXES.length);
  });

  test('says what each fix does in the words of the wording guide', () => {
    for (const { does, doesNotHelp, risk } of FIXES) {
      for (const sentence of [does, doesNotHelp, risk.sentence]) expectGoodWording(sentence);
    }
  });

  test('says every plan, refused or not, in those words', () => {
    const sentences = allPlans().flatMap(
      ({ plan: { refused, effect, warnings, checked, advice, recipes } }) => [
        ...(refused ? [refused.reason] : []),
        ...(effect ? [effect.sentence] : []),
        ...warnings,
        ...checked,
        ...advice.map(({ sentence }) => sentence),
        ...recipes.flatMap(({ pitfalls }) => pitfalls),
      ],
    );
    // Names of things may begin a sentence in small letters, and a number of the system may have six digits.
    for (const sentence of new Set(sentences)) expectGoodWording(sentence.replaceAll(/\d{6,}/g, '1'));
  });

  test('undoes each step that it can undo, and says so of the others', () => {
    for (const { plan } of allPlans()) {
      for (const step of plan.steps) {
        expect(
          step.undo !== null || step.undoNote !== null || step.target.kind === 'action',
          step.title,
        ).toBe(true);
        expect(step.current.kind).not.toBe('unknown');
      }
      if (plan.refused) expect(plan.steps).toEqual([]);
    }
  });

  test('plans what it offers after a refusal', () => {
    for (const { fix, plan } of allPlans()) {
      const offer = plan.refused?.offer;
      if (!offer) continue;
      const state = aState(plan.system, { tcpPorts: [tcp(15432, 'postgres'), udp(20000), tcp(40000)] });
      expect(fix.plan(anInput(state, offer)).refused, `${fix.id} ${plan.refused?.offerOptions}`).toBeNull();
    }
  });

  test('offers only what belongs to a system', () => {
    for (const system of SYSTEMS) {
      const foreign = SYSTEMS.filter((each) => each !== system && each !== 'macos').map((each) => `${each}-`);
      for (const { id } of fixesFor(system)) {
        if (system !== 'macos')
          expect(
            foreign.some((prefix) => id.startsWith(prefix)),
            id,
          ).toBe(false);
      }
    }
  });
});

describe('recipes', () => {
  test('cover six runtimes with five protocols each, proxies and load generators', () => {
    const covered = new Set(KEEP_ALIVE_RECIPES.map(({ runtime, protocol }) => `${runtime} ${protocol}`));
    for (const runtime of ['node', 'python', 'java', 'dotnet', 'go', 'php']) {
      for (const protocol of ['http', 'mysql', 'postgresql', 'redis', 'grpc']) {
        expect(covered, `${runtime} ${protocol}`).toContain(`${runtime} ${protocol}`);
      }
    }
    for (const tool of ['nginx', 'haproxy', 'ab', 'wrk', 'k6']) expect(covered).toContain(`${tool} http`);
  });

  test('are chosen by the runtime, the usual protocol of the port first', () => {
    const chosen = chooseRecipes(KEEP_ALIVE_RECIPES, 'python', 'postgresql');
    expect(new Set(chosen.map(({ runtime }) => runtime))).toEqual(new Set(['python']));
    expect(chosen[0]?.id).toBe('python-postgresql');
  });

  test('are all there where the runtime is not known', () => {
    expect(chooseRecipes(KEEP_ALIVE_RECIPES, null, null)).toHaveLength(KEEP_ALIVE_RECIPES.length);
    expect(chooseRecipes(KEEP_ALIVE_RECIPES, 'perl', null)).toHaveLength(KEEP_ALIVE_RECIPES.length);
  });
});

describe('advice that does not help', () => {
  test('is there, explained, with what helps instead', () => {
    expect(ADVICE.map(({ id }) => id)).toEqual([
      'advice-fin-timeout',
      'advice-tw-recycle',
      'advice-linger-0',
      'advice-range-61000',
      'advice-lower-tw-buckets',
      'advice-max-user-port',
      'advice-num-1000',
    ]);
    for (const { really, insteadFixId } of ADVICE) {
      expectGoodWording(really.replace(/^close\(\)/, 'It'));
      expect(insteadFixId === null || findFix(insteadFixId) !== null).toBe(true);
    }
  });

  test('can be carried out by no fix', () => {
    for (const { id } of ADVICE) expect(findFix(id)).toBeNull();
  });
});
