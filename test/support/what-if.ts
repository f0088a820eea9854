/** What-if for component and store tests: the real calculation behind a fake link, on the incident's machine. */
import type { CallArgs, CallResult, EventPayload } from '../../preload/contract.ts';
import { describeProfiles } from '../../main/core/what-if/catalogue.ts';
import { evaluateWhatIf } from '../../main/core/what-if/evaluate.ts';
import { failureSentence } from '../../main/core/words/failure.ts';
import { LinkError } from '../../renderer/link/link.ts';
import type { FakeLink } from './fake-link.ts';
import { incidentSummary } from './incident.ts';
import { incidentLink } from './mount-screen.ts';

type Summary = EventPayload<'summary.updated'>;

/** The answer as it comes over the link; a refusal is thrown as the link throws it. */
export function answerWhatIf(
  { input }: CallArgs<'whatif.evaluate'>,
  summary: Summary | null = incidentSummary(),
): CallResult<'whatif.evaluate'> {
  const outcome = evaluateWhatIf(input, summary);
  if (outcome.ok) return outcome.value;
  throw new LinkError(outcome.failure.code, failureSentence(outcome.failure));
}

/** A link that answers both calls; `summary` null: before the first sample. */
export function whatIfLink(summary: Summary | null = incidentSummary()): FakeLink {
  return incidentLink(summary)
    .respond('whatif.evaluate', (args) => answerWhatIf(args, summary))
    .respond('whatif.profiles', () => describeProfiles(summary));
}
