import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueOf } from '../../../../main/core/fixes/known.ts';
import { LIMITS_FILE, limitsFileWith } from '../../../../main/core/fixes/linux/limits-file.ts';
import { sysctlFileWith, SYSCTL_FILE } from '../../../../main/core/fixes/linux/persist.ts';
import { stepAmongOthers } from '../../../../main/core/fixes/linux/shared-file.ts';
import type { Intended, Known, Step } from '../../../../main/core/fixes/model.ts';
import { fileStep } from '../../../../main/core/fixes/steps.ts';
import { aState } from '../../../support/fixes.ts';

const ABSENT: Intended = { kind: 'absent' };

/** The step that keeps these settings in a file that is so now. */
function keep(now: Intended, settings: readonly (readonly [string, string])[]): Step {
  const content = sysctlFileWith(now.kind === 'value' ? now.text : null, settings);
  const state = aState('linux', { files: new Map([[SYSCTL_FILE, now]]) });
  return fileStep(state, SYSCTL_FILE, content, 'sets the same values at each start');
}

/** The file when the step is taken back from what it is. */
function takenBack(step: Step, now: Intended): Intended | 'left alone' {
  const { current, proposed } = stepAmongOthers(step, now);
  const isAfter = JSON.stringify(proposed) === JSON.stringify(now);
  return isAfter && current.kind !== 'unknown' ? current : 'left alone';
}

const RANGE = ['net.ipv4.ip_local_port_range', '10240 65535'] as const;
const REUSE = ['net.ipv4.tcp_tw_reuse', '1'] as const;

describe('a change kept in the file that another one has changed since', () => {
  const first = keep(ABSENT, [RANGE]);
  const second = keep(first.proposed, [REUSE]);

  test('F6: is taken back without the other, in either order, and the file goes with the last', () => {
    const onlyReuse = takenBack(first, second.proposed);
    expect(onlyReuse).toEqual(keep(ABSENT, [REUSE]).proposed);
    expect(takenBack(second, onlyReuse as Intended)).toEqual(ABSENT);
    expect(takenBack(second, second.proposed)).toEqual(first.proposed);
    expect(takenBack(first, first.proposed)).toEqual(ABSENT);
  });

  test('F6: its own line goes back to what it was before', () => {
    const wider = keep(second.proposed, [['net.ipv4.ip_local_port_range', '2048 65535']]);
    const third = keep(wider.proposed, [['net.core.somaxconn', '4096']]);
    const back = takenBack(wider, third.proposed);
    expect(back).toEqual(keep(second.proposed, [['net.core.somaxconn', '4096']]).proposed);
  });

  test('is left alone where its own line says something else, and where the file cannot be read', () => {
    const other = keep(second.proposed, [['net.ipv4.ip_local_port_range', '2048 65535']]);
    expect(takenBack(first, other.proposed)).toBe('left alone');
    expect(takenBack(first, valueOf('kernel.sysrq = 1\n'))).toBe('left alone');
    const unread: Known = { kind: 'unknown', why: 'it is a link' };
    expect(stepAmongOthers(first, unread)).toBe(first);
    expect(takenBack(first, ABSENT)).toBe('left alone');
  });

  test('keeps every line of somebody else, to the letter', () => {
    const text = `${second.proposed.kind === 'value' ? second.proposed.text : ''}# mine\nvm.swappiness=1\n\n`;
    const back = takenBack(first, valueOf(text));
    expect(back).toMatchObject({
      text: expect.stringMatching(/tcp_tw_reuse = 1\n# mine\nvm\.swappiness=1\n$/),
    });
    expect(back).not.toMatchObject({ text: expect.stringContaining('ip_local_port_range') });
  });

  test('F6: in any order of keeping and taking back, nothing of what is taken back stays', () => {
    const keys = ['net.ipv4.tcp_tw_reuse', 'net.ipv4.tcp_timestamps', 'net.ipv4.tcp_fin_timeout'];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(keys, { minLength: 1 }),
        fc.infiniteStream(fc.nat()),
        (order, picks) => {
          let now: Intended = ABSENT;
          const steps = order.map((key) => {
            const step = keep(now, [[key, key.endsWith('fin_timeout') ? '30' : '1']]);
            now = step.proposed;
            return step;
          });
          while (steps.length > 0) {
            const [step] = steps.splice((picks.next().value ?? 0) % steps.length, 1);
            const back: Intended | 'left alone' = step ? takenBack(step, now) : 'left alone';
            expect(back).not.toBe('left alone');
            now = back as Intended;
          }
          expect(now).toEqual(ABSENT);
        },
      ),
    );
  });
});

test('limits of open files of several users are kept and taken back each by itself', () => {
  const keepLimit = (now: Intended, user: string, limit: number) => {
    const content = limitsFileWith(now.kind === 'value' ? now.text : null, user, limit);
    return fileStep(
      aState('linux', { files: new Map([[LIMITS_FILE, now]]) }),
      LIMITS_FILE,
      content,
      'sessions begin with it',
    );
  };
  const first = keepLimit(ABSENT, 'www-data', 65_536);
  const second = keepLimit(first.proposed, 'postgres', 8192);
  const third = keepLimit(second.proposed, 'www-data', 131_072);
  expect(third.proposed).toEqual(
    valueOf(
      'www-data soft nofile 131072\nwww-data hard nofile 131072\npostgres soft nofile 8192\npostgres hard nofile 8192\n',
    ),
  );
  expect(takenBack(first, second.proposed)).toEqual(keepLimit(ABSENT, 'postgres', 8192).proposed);
  expect(takenBack(second, third.proposed)).toEqual(keepLimit(ABSENT, 'www-data', 131_072).proposed);
  expect(takenBack(first, third.proposed)).toBe('left alone');
});

test('a step of a file that is written whole is as it was planned', () => {
  const path = '/etc/systemd/system/nginx.service.d/90-fourtuple.conf';
  const unit = fileStep(aState('linux', { files: new Map([[path, ABSENT]]) }), path, 'x\n', '');
  expect(stepAmongOthers(unit, valueOf('y\n'))).toBe(unit);
});
