/** What both hosts must do alike: serve the contract and withstand a page that has turned hostile. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CALL_NAMES, type Answer } from '../../../preload/contract.ts';
import { quietSummary } from '../../support/fake-sampler.ts';
import type { WorkbenchRig } from '../../support/workbench.ts';

/** A page that got in properly. */
export interface ContractHost {
  rig: WorkbenchRig;
  /** Asks as the page would, without any help of the types. */
  ask(name: unknown, args: unknown): Promise<Answer<unknown>>;
  /** Events the page has received, oldest first. */
  events: { name: string; payload: unknown }[];
  close(): Promise<void>;
}

export function describeContract(hostName: string, openHost: () => Promise<ContractHost>): void {
  describe(`the contract over the ${hostName}`, () => {
    let host: ContractHost;

    beforeEach(async () => {
      host = await openHost();
      host.rig.workbench.start();
      host.rig.sampler().say({ type: 'ready', pid: 1000 });
    });
    afterEach(() => host.close());

    test('answers a call of the workbench itself', async () => {
      expect(await host.ask('workbench.describe', {})).toMatchObject({
        ok: true,
        value: { version: '1.2.3' },
      });
    });

    test('passes a call on to the sampler and its answer back', async () => {
      host.rig.sampler().answer = ({ id }) => ({ type: 'answer', id, ok: true, value: { released: true } });
      expect(await host.ask('sockets.unpin', { snapshotId: 1 })).toEqual({
        ok: true,
        value: { released: true },
      });
    });

    test('puts a failure into a sentence', async () => {
      const failure = { code: 'gone', what: 'snapshot 1' } as const;
      host.rig.sampler().answer = ({ id }) => ({ type: 'answer', id, ok: false, failure });
      expect(await host.ask('sockets.unpin', { snapshotId: 1 })).toEqual({
        ok: false,
        failure: { code: 'gone', sentence: 'Snapshot 1 is no longer there. Try again.' },
      });
    });

    test('carries events to the page', async () => {
      host.rig.sampler().say({ type: 'summary', summary: quietSummary({ sequence: 9 }) });
      await vi.waitFor(
        () => expect(host.events.at(-1)).toMatchObject({ name: 'summary.updated', payload: { sequence: 9 } }),
        { timeout: 5000 },
      );
    });

    test('W6, E9: runs a probe by its id, and carries its events and its transcript to the page', async () => {
      const started = await host.ask('probes.run', { probeId: 'linux.file-nr', parameters: [] });
      expect(started).toMatchObject({ ok: true, value: { state: 'running' } });
      host.rig.terminal().print('764\t0\t2466170\n');
      host.rig.terminal().end();
      const named = (name: string) => host.events.filter((event) => event.name === name);
      await vi.waitFor(() => expect(named('run.finished')).toHaveLength(1), { timeout: 5000 });
      expect(named('run.started')).toHaveLength(1);
      expect(named('run.printed')).toMatchObject([{ payload: { offset: 0, text: '764\t0\t2466170\n' } }]);
      const { runId } = (started as { value: { runId: string } }).value;
      expect(await host.ask('runs.transcript', { runId, offset: 4, limit: 9 })).toEqual({
        ok: true,
        value: { text: '0\t2466170', nextOffset: 13, totalCharacters: 14 },
      });
    });

    test('E9: takes neither a command nor a path for a probe', async () => {
      for (const probeId of ['/bin/sh', 'cat', '../../x', 'linux.file-nr; id', '__proto__']) {
        const answer = await host.ask('probes.run', { probeId, parameters: [] });
        expect(answer, probeId).toMatchObject({ ok: false, failure: { code: 'invalid' } });
      }
      const argv = { probeId: 'linux.file-nr', parameters: [], argv: ['/etc/shadow'] };
      expect(await host.ask('probes.run', argv)).toMatchObject({ ok: false, failure: { code: 'invalid' } });
      expect(host.rig.terminals).toEqual([]);
    });

    test('E7: refuses names that are no calls, object members among them', async () => {
      for (const name of ['no.such', 'constructor', '__proto__', 'toString', 'hasOwnProperty', '']) {
        const answer = await host.ask(name, {});
        expect(answer, String(name)).toMatchObject({ ok: false, failure: { code: 'unknown-call' } });
      }
    });

    test('E7: refuses every call with an extra field, and none reaches the sampler', async () => {
      for (const name of CALL_NAMES) {
        const answer = await host.ask(name, { surprise: 1 });
        expect(answer, name).toMatchObject({ ok: false, failure: { code: 'invalid' } });
      }
      expect(host.rig.sampler().callIds).toEqual([]);
    });

    test('E7, W8: refuses arguments over 64 KiB', async () => {
      const args = { filter: 'x'.repeat(64 * 1024), caret: 0 };
      expect(await host.ask('sockets.suggest', args)).toMatchObject({
        ok: false,
        failure: { code: 'too-large' },
      });
    });

    test('W12: refuses keys that reach into prototypes, and pollutes nothing', async () => {
      for (const key of ['__proto__', 'constructor', 'prototype']) {
        const args: unknown = JSON.parse(`{"${key}":{"polluted":true}}`);
        const answer = await host.ask('summary.get', args);
        expect(answer, key).toMatchObject({ ok: false, failure: { code: 'invalid' } });
      }
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    });

    test('W12: refuses nesting deeper than 16 levels', async () => {
      const args: unknown = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
      expect(await host.ask('summary.get', args)).toMatchObject({ ok: false, failure: { code: 'invalid' } });
    });

    test('answers a bug with a reference that stands in the log once', async () => {
      host.rig.sampler().post = () => {
        throw new Error('a bug');
      };
      const answer = await host.ask('sockets.unpin', { snapshotId: 1 });
      expect(answer).toMatchObject({ ok: false, failure: { code: 'internal' } });
      const ref = answer.ok ? '' : (/reference (\w+)/.exec(answer.failure.sentence)?.[1] ?? '');
      expect(host.rig.log.filter((line) => line.includes(ref) && line.includes('a bug'))).toHaveLength(1);
    });
  });
}
