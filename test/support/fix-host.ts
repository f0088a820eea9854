/** A link that answers about fixes as the workbench does, from the real core over a machine of the test: the incident. */
import type { EventPayload } from '../../preload/contract.ts';
import { findFix } from '../../main/core/fixes/catalogue.ts';
import type { FixParameters, SystemState } from '../../main/core/fixes/model.ts';
import { NO_PARAMETERS } from '../../main/core/fixes/plan.ts';
import { understandProblem } from '../../main/core/fixes/understand.ts';
import { findAll } from '../../main/core/findings/rules.ts';
import type { Failure, Outcome, Summary } from '../../main/core/model.ts';
import { adviceFor, offersFor } from '../../main/workbench/fix-offers.ts';
import { planInfo } from '../../main/workbench/fix-plan-info.ts';
import { FixWizards } from '../../main/workbench/fix-wizards.ts';
import { LinkError } from '../../renderer/link/link.ts';
import { findingEvidence } from './evidence-of.ts';
import type { FakeLink } from './fake-link.ts';
import { aState, tcp } from './fixes.ts';
import { incidentSummary } from './incident.ts';
import { incidentLink } from './mount-screen.ts';

type ShownSummary = EventPayload<'summary.updated'>;

/** Services that listen on the machine of the incident, two of them inside a widened range. */
const SERVICES = [
  tcp(5432, 'postgres'),
  tcp(6379, 'redis'),
  tcp(8080, 'order-api'),
  tcp(9100, 'node-exporter'),
];

export interface FixHost {
  link: FakeLink;
  /** The sample that it answers from; replace it to let time go on. */
  summary: Summary;
  state: SystemState;
  wizards: FixWizards;
}

/** The incident with what its rules find. */
export function incidentWithFindings(): ShownSummary {
  const summary = incidentSummary();
  const evidence = findingEvidence({
    pools: summary.pools as never,
    consumers: summary.consumers as never,
    totals: summary.totals as never,
    settings: summary.settings as never,
  });
  return { ...summary, findings: findAll(evidence) } as ShownSummary;
}

/** The wizard, understanding and fixes over `summary`; nothing can be applied by it: a test that applies says how. */
export function fixHost(
  shown: ShownSummary = incidentWithFindings(),
  state: SystemState = aState('linux', { tcpPorts: SERVICES }),
): FixHost {
  const link = incidentLink(shown);
  let made = 0;
  const wizards = new FixWizards({
    newId: () => `wizard-${++made}`,
    publish: (wizard) => link.emit('wizard.changed', wizard),
  });
  const host: FixHost = { link, summary: shown as unknown as Summary, state, wizards };
  const canApply = shown.origin.kind === 'live';
  link
    .respond('findings.checks', () => ({ checks: [] }))
    .respond('changes.list', () => ({
      changes: [],
      obstacle: null,
      folder: '/home/ordersync/.local/state/fourtuple',
    }))
    .respond('wizard.open', ({ findingId, poolKey, fixId }) => {
      const finding = host.summary.findings.find(({ id }) => id === findingId);
      return wizards.open({ findingId, poolKey: poolKey ?? finding?.poolKey ?? null }, fixId);
    })
    .respond('wizard.go', ({ wizardId, to }) => orThrow(wizards.advance(wizardId, { type: 'go', to })))
    .respond('wizard.choose', ({ wizardId, fixId }) =>
      orThrow(wizards.advance(wizardId, { type: 'choose', fixId })),
    )
    .respond('wizard.plan', ({ wizardId, parameters: asked }) => {
      if (asked) orThrow(wizards.advance(wizardId, { type: 'set', parameters: asked as FixParameters }));
      const { fixId, parameters } = orThrow(wizards.get(wizardId));
      const fix = findFix(fixId ?? '');
      if (!fix) throw new LinkError('not-found', 'There is no such fix.');
      const plan = fix.plan({ state: host.state, summary: host.summary, parameters });
      const planHash = plan.refused || plan.steps.length === 0 ? null : `hash-${fix.id}`;
      const wizard = orThrow(
        wizards.previewed(
          wizardId,
          planHash === null ? null : { plan, hash: planHash, isImported: !canApply },
        ),
      );
      const rights = { way: 'sudo' as const, sentence: 'sudo asks for your password.', obstacle: null };
      return { wizard, plan: planInfo({ fix, plan, parameters, planHash, state: host.state, rights }) };
    })
    .respond('fixes.understand', (subject) => understandProblem(host.summary, subject))
    .respond('fixes.list', (subject) => {
      const about = understandProblem(host.summary, subject);
      const parameters = { ...NO_PARAMETERS, poolKey: about.poolKey };
      const pool = host.summary.pools.find(({ key }) => key === about.poolKey);
      const input = { summary: host.summary, state: host.state, parameters };
      return {
        canApply,
        target: about.target,
        shareNow: pool?.usedRatio ?? null,
        fixes: offersFor(input, subject, canApply),
        advice: adviceFor(host.state.system),
      };
    });
  return host;
}

function orThrow<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new LinkError(outcome.failure.code, sentenceOf(outcome.failure));
}

function sentenceOf(failure: Failure): string {
  return 'message' in failure ? failure.message : failure.code;
}
