/** The workbench's probes and runs: answers the contract's calls about evidence. */
import type { EVIDENCE_CALLS } from '../../preload/contract-evidence.ts';
import type { Failure } from '../core/model.ts';
import type { Handlers } from './handlers.ts';

export type EvidenceHandlers = Pick<Handlers, keyof typeof EVIDENCE_CALLS>;

export function createEvidence(): EvidenceHandlers {
  const failure: Failure = {
    code: 'unsupported',
    what: 'running a probe',
    why: 'this build cannot do it yet',
  };
  const refuse = async () => ({ ok: false as const, failure });
  return {
    'probes.list': refuse,
    'probes.run': refuse,
    'runs.list': refuse,
    'runs.cancel': refuse,
    'runs.transcript': refuse,
    'runs.parsed': refuse,
  };
}
