import { describe, expect, it } from 'vitest';
import { churn } from '../../../../main/core/findings/churn.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import type { Consumer } from '../../../../main/core/model.ts';

const node: Consumer = {
  pid: 2210,
  process: 'node',
  commandLine: 'node api.js',
  unit: null,
  container: null,
  group: null,
  runtime: 'node',
  requestsPerConnection: 1,
  poolKey: 'k',
  destination: '10.0.3.12:443',
  sockets: 1200,
  timeWait: 1140,
  established: 60,
  openRatePerSecond: 19,
  shareOfPool: 0.04,
  confidence: 'observed',
};
const found = (change: Partial<Consumer>) =>
  churn.find(findingEvidence({ consumers: [{ ...node, ...change }] }));

describe('the rule for connections used once', () => {
  it('names the process and its pace', () => {
    expect(found({})).toMatchObject([
      {
        level: 'notice',
        title: 'node uses each connection once',
        sentence:
          'node (pid 2210) opens 19 connections/s to 10.0.3.12:443 and closes them soon after; each costs a handshake and a port.',
        evidence: '19 opens/s, 60 open now, 1140 TIME_WAIT',
      },
    ]);
  });

  it('leaves alone a slow opener, kept connections, unknown owners and unknown rates', () => {
    const silent = [
      { openRatePerSecond: 9.9 },
      { established: 96 },
      { process: null },
      { openRatePerSecond: null },
    ];
    for (const change of silent) expect(found(change)).toEqual([]);
  });

  it('counts workers of one name as one, under one id', () => {
    const consumers = [1, 2, 3].map((pid) => ({
      ...node,
      process: 'nginx',
      pid,
      openRatePerSecond: 6,
      established: 5,
    }));
    expect(churn.find(findingEvidence({ consumers }))).toMatchObject([
      {
        id: 'churn:nginx:k',
        pid: null,
        sentence: expect.stringMatching(/^nginx \(3 processes\) opens 18 connections\/s/) as string,
      },
    ]);
  });

  it('leaves alone connections that are known to carry several requests', () => {
    expect(found({ requestsPerConnection: 3 })).toEqual([]);
    expect(found({ requestsPerConnection: null })).toHaveLength(1);
  });
});
