import { describe, expect, it } from 'vitest';
import { listenQueue } from '../../../../main/core/findings/listen-queue.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';

const queue = (acceptQueue: number, backlog: number, overflows: number | null = 0) =>
  listenQueue.find(
    findingEvidence({
      listeners: [
        { address: '0.0.0.0', port: 8080, pid: 7, process: 'java', insideRange: false, acceptQueue, backlog },
      ],
      counterRates: { listenOverflows: overflows },
    }),
  );

describe('the rule for listen queues', () => {
  it('notices a full queue and warns when connections are turned away', () => {
    expect(queue(127, 128)).toEqual([]);
    expect(queue(128, 128)).toMatchObject([
      { level: 'notice', title: 'The listen queue of port 8080 is full' },
    ]);
    expect(queue(129, 128, 16)).toMatchObject([
      {
        level: 'warning',
        sentence:
          'Ports are not the problem: java (pid 7) on port 8080 does not accept fast enough, 129 connections wait in a queue of 128; 16 a second are turned away.',
      },
    ]);
  });

  it('warns of overflows though no queue is full at the moment, and takes no rate for none', () => {
    expect(queue(0, 128, 2)).toMatchObject([{ level: 'warning', title: 'A listen queue overflows' }]);
    expect(queue(0, 128, null)).toEqual([]);
  });
});
