import { expect, it } from 'vitest';
import { newestWins } from '../../../renderer/stores/newest-wins.ts';
import { settle } from '../../support/socket-list.ts';

function controlled() {
  const started: { args: number; answer: (value: string) => void; refuse: (error: Error) => void }[] = [];
  const heard: string[] = [];
  const requests = newestWins<number, string>({
    run: (args) => new Promise((answer, refuse) => started.push({ args, answer, refuse })),
    accept: (result, args) => heard.push(`${args} ${result}`),
    fail: (error, args) => heard.push(`${args} failed ${String(error)}`),
  });
  return { started, heard, requests };
}

it('runs one request at a time, and of those asked meanwhile only the newest', async () => {
  const { started, heard, requests } = controlled();
  for (const args of [1, 2, 3, 4]) requests.ask(args);
  expect(started.map(({ args }) => args)).toEqual([1]);
  started[0]?.answer('a');
  await settle();
  expect(started.map(({ args }) => args)).toEqual([1, 4]);
  started[1]?.answer('b');
  await settle();
  expect(heard).toEqual(['1 a', '4 b']);
  expect(requests.isBusy).toBe(false);
});

it('drops the answer, or the failure, of a question that is not asked any more', async () => {
  const { started, heard, requests } = controlled();
  requests.ask(1);
  requests.drop();
  requests.ask(2);
  started[0]?.refuse(new Error('late'));
  await settle();
  started[1]?.answer('now');
  await settle();
  expect(heard).toEqual(['2 now']);
});

it('goes on after a failure', async () => {
  const { started, heard, requests } = controlled();
  requests.ask(1);
  started[0]?.refuse(new Error('no'));
  await settle();
  requests.ask(2);
  started[1]?.answer('yes');
  await settle();
  expect(heard).toEqual(['1 failed Error: no', '2 yes']);
});
