import { expect, test } from 'vitest';
import type { EventPayload } from '../../../preload/contract.ts';
import { EventFanOut } from '../../../main/hosts/event-fan-out.ts';
import type { WorkbenchEvent } from '../../../main/workbench/workbench.ts';
import { quietSummary } from '../../support/fake-sampler.ts';

/** A page that takes an event only when the test says so. */
function slowPage(fanOut: EventFanOut) {
  const taken: WorkbenchEvent[] = [];
  let take = () => {};
  fanOut.add({
    post: (event, sent) => {
      taken.push(event);
      take = sent;
    },
  });
  return { taken, take: () => take() };
}

const summary = (sequence: number): WorkbenchEvent => ({
  name: 'summary.updated',
  payload: quietSummary({ sequence }),
});
const printed = (runId: string, offset: number): WorkbenchEvent => ({
  name: 'run.printed',
  payload: { runId, offset, text: 'x' },
});

test('S5: a busy page gets the newest summary only', () => {
  const fanOut = new EventFanOut();
  const page = slowPage(fanOut);
  for (let sequence = 1; sequence <= 5; sequence++) fanOut.publish(summary(sequence));
  page.take();
  expect(page.taken).toEqual([summary(1), summary(5)]);
});

test('what one run prints does not replace what another did', () => {
  const fanOut = new EventFanOut();
  const page = slowPage(fanOut);
  for (const event of [summary(1), printed('a', 0), printed('b', 0), printed('a', 7)]) fanOut.publish(event);
  page.take();
  page.take();
  expect(page.taken).toEqual([summary(1), printed('a', 7), printed('b', 0)]);
});

test('what became of one change does not replace what became of another, nor one wizard another', () => {
  const fanOut = new EventFanOut();
  const page = slowPage(fanOut);
  const said = (changeId: number, text: string): WorkbenchEvent => ({
    name: 'change.printed',
    payload: { changeId, offset: 0, text },
  });
  const moved = (wizardId: string, changeId: number): WorkbenchEvent => ({
    name: 'wizard.changed',
    payload: { wizardId, changeId } as EventPayload<'wizard.changed'>,
  });
  const events = [summary(1), said(1, 'a'), said(2, 'b'), moved('x', 1), moved('y', 1), moved('x', 2)];
  for (const event of events) fanOut.publish(event);
  for (let round = 0; round < 5; round++) page.take();
  expect(page.taken).toEqual([summary(1), said(1, 'a'), said(2, 'b'), moved('x', 2), moved('y', 1)]);
});

test('W9: a frozen page keeps a bounded number of events waiting', () => {
  const fanOut = new EventFanOut();
  const page = slowPage(fanOut);
  for (let run = 0; run < 10_000; run++) fanOut.publish(printed(`run ${run}`, 0));
  for (let round = 0; round < 10_000; round++) page.take();
  expect(page.taken).toHaveLength(201);
  expect(page.taken.at(-1)).toEqual(printed('run 9999', 0));
});
