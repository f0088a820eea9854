import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  HOLD_MS,
  newMemory,
  quietFindings,
  settle,
  settledConcern,
  type FindingMemory,
  type QuietFinding,
} from '../../../../main/core/findings/settle.ts';
import type { Finding, Level } from '../../../../main/core/model.ts';
import { aFinding } from '../../../support/findings.ts';
import { aPool } from '../../../support/pools.ts';

/** Shows what is shown after each sample, one second apart. */
function shownOver(samples: readonly (readonly Finding[])[]): string[][] {
  let memory: FindingMemory = newMemory();
  return samples.map((found, second) => {
    const step = settle(memory, found, second * 1000);
    memory = step.memory;
    return step.settled.map(
      ({ finding, isHeld }) => `${finding.id} ${finding.level}${isHeld ? ' held' : ''}`,
    );
  });
}

const at = (level: Level) => [aFinding({ id: 'a', level })];

describe('findings that settle', () => {
  it('shows everything at the first sample, so that a single look tells all', () => {
    expect(shownOver([at('notice')])).toEqual([['a notice']]);
  });

  it('shows a critical finding at once, another when it was found twice in a row', () => {
    expect(shownOver([[], at('critical')])).toEqual([[], ['a critical']]);
    expect(shownOver([[], at('warning'), at('warning')])).toEqual([[], [], ['a warning']]);
    expect(shownOver([[], at('warning'), [], at('warning')])).toEqual([[], [], [], []]);
  });

  it('rises at once and falls only after ten seconds at the lower level', () => {
    const samples = [at('warning'), at('critical'), ...Array.from({ length: 11 }, () => at('warning'))];
    const shown = shownOver(samples).map(([first]) => first);
    expect(shown[1]).toBe('a critical');
    expect(shown.slice(2, 11)).toEqual(Array.from({ length: 9 }, () => 'a critical held'));
    expect(shown[11]).toBe('a warning');
  });

  it('keeps a finding that is gone for ten seconds, then lets it go', () => {
    const shown = shownOver([at('warning'), ...Array.from({ length: 11 }, () => [])]);
    expect(shown[9]).toEqual(['a warning held']);
    expect(shown[10]).toEqual([]);
  });

  describe('what is drawn from a rate', () => {
    const rate = (level: Level) => [aFinding({ id: 'a', rule: 'pool-runs-out', level })];
    const quiet = Array.from({ length: 5 }, () => []);
    const times = (count: number, found: readonly Finding[]) => Array.from({ length: count }, () => found);
    const after = (samples: readonly (readonly Finding[])[]) => shownOver([...quiet, ...samples]).slice(5);

    it('says nothing of connections that were all opened at one moment', () => {
      expect(after([...times(3, rate('critical')), ...times(3, [])])).toEqual(times(6, []));
    });

    it('shows a flow once it has lasted four seconds', () => {
      expect(after(times(5, rate('critical')))).toEqual([[], [], [], ['a critical'], ['a critical']]);
    });

    it('rises only once the higher level has lasted as long', () => {
      const burst = after([...times(6, rate('warning')), ...times(3, rate('critical')), rate('warning')]);
      expect(burst.slice(5)).toEqual(times(5, []).map(() => ['a warning']));
      const flow = after([...times(6, rate('warning')), ...times(4, rate('critical'))]);
      expect(flow.slice(8)).toEqual([['a warning'], ['a critical']]);
    });

    it('shows at once in a look of a few seconds, and at a pace slower than that', () => {
      expect(shownOver([[], rate('critical')])).toEqual([[], ['a critical']]);
      const first = settle(newMemory(), [], 0);
      const second = settle(first.memory, rate('critical'), 10_000);
      expect(second.settled).toMatchObject([{ finding: { level: 'critical' } }]);
    });
  });

  it('sorts the worst first and keeps the order of the rules within a level', () => {
    const found = [
      aFinding({ id: 'n', level: 'notice' }),
      aFinding({ id: 'w1', level: 'warning' }),
      aFinding({ id: 'c', level: 'critical' }),
      aFinding({ id: 'w2', level: 'warning' }),
    ];
    expect(shownOver([found])[0]).toEqual(['c critical', 'w1 warning', 'w2 warning', 'n notice']);
  });

  it('never changes the level downwards more than once in ten seconds, whatever is found', () => {
    const levels = fc.constantFrom<Level | null>('notice', 'warning', 'critical', null);
    fc.assert(
      fc.property(fc.array(levels, { maxLength: 60 }), (found) => {
        const order = { notice: 1, warning: 2, critical: 3, none: 0 } as const;
        const shown = shownOver(found.map((level) => (level === null ? [] : at(level)))).map(([first]) => {
          const level = first?.split(' ')[1] ?? 'none';
          return order[level as keyof typeof order];
        });
        let lastFall = -Infinity;
        shown.forEach((level, second) => {
          if (second === 0 || level >= (shown[second - 1] ?? 0)) return;
          expect((second - lastFall) * 1000).toBeGreaterThanOrEqual(HOLD_MS);
          lastFall = second;
        });
      }),
    );
  });
});

describe('what there is to say without a finding', () => {
  const saidOver = (shares: readonly number[]) => {
    let memory = newMemory<QuietFinding>();
    return shares.map((share, second) => {
      const pool = aPool({ used: Math.round(share * 28_232) });
      const settled = settle(memory, quietFindings([pool]), second * 1000);
      memory = settled.memory;
      return settledConcern(settled.settled);
    });
  };

  it('does not flap about the share from which a pool is worth a word', () => {
    const shares = Array.from({ length: 40 }, (_, second) => (second % 2 === 0 ? 0.299 : 0.301));
    expect(new Set(saidOver(shares).slice(4))).toEqual(new Set(['none']));
    const fuller = Array.from({ length: 40 }, (_, second) => (second % 8 === 0 ? 0.299 : 0.301));
    expect(new Set(saidOver(fuller).slice(4))).toEqual(new Set(['in use']));
  });

  it('falls ten seconds after the pool was last as full', () => {
    const said = saidOver([0.5, 0.4, ...Array.from({ length: 12 }, () => 0.2)]);
    expect(said.lastIndexOf('in use')).toBe(10);
    expect(said.at(-1)).toBe('none');
  });
});
