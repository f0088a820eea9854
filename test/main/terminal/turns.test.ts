import { expect, test } from 'vitest';
import { Turns } from '../../../main/terminal/turns.ts';

test('who waits is served in order; who leaves is passed over', async () => {
  const turns = new Turns(1);
  const never = new AbortController();
  const leaves = new AbortController();
  const order: string[] = [];
  const first = await turns.take(never.signal);
  const second = turns.take(leaves.signal).then((turn) => order.push(turn ? 'second' : 'second left'));
  const third = turns.take(never.signal).then((turn) => {
    order.push('third');
    return turn;
  });
  leaves.abort();
  await second;
  first?.();
  // Given back once, however often it is called.
  first?.();
  (await third)?.();
  expect(order).toEqual(['second left', 'third']);
  expect(await turns.take(never.signal)).not.toBeNull();
  expect(await turns.take(leaves.signal)).toBeNull();
});
