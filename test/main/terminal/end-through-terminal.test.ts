import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endThroughTerminal } from '../../../main/terminal/end-through-terminal.ts';

/** A tree that writes down what it is asked, and a terminal that does. */
function stage(leader: number) {
  const asked: string[] = [];
  const tree = endThroughTerminal(
    {
      signal: (name) => asked.push(name),
      left: () => [leader],
      leaderGone: () => asked.push('gone'),
    },
    leader,
    { type: (bytes) => asked.push(`typed ${[...bytes].join(' ')}`), hangUp: () => asked.push('hung up') },
  );
  return { tree, asked };
}

test('a command that takes our signals gets them', () => {
  const { tree, asked } = stage(process.pid);
  tree.signal('SIGTERM');
  tree.signal('SIGKILL');
  expect([asked, tree.left()]).toEqual([['SIGTERM', 'SIGKILL'], [process.pid]]);
});

test('one that is gone is not typed to', async () => {
  const child = spawn('true');
  await once(child, 'exit');
  const { tree, asked } = stage(child.pid ?? 0);
  tree.leaderGone();
  tree.signal('SIGTERM');
  expect(asked).toEqual(['gone', 'SIGTERM']);
});

test.skipIf(process.platform !== 'linux' || process.getuid?.() === 0)(
  'one of another user is interrupted, then hung up',
  () => {
    const { tree, asked } = stage(1);
    tree.signal('SIGTERM');
    tree.signal('SIGKILL');
    expect(asked).toEqual(['typed 3', 'SIGTERM', 'hung up', 'SIGKILL']);
  },
);
