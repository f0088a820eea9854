/** Mounts a component with real stores over a fake link; the guard in `afterEach` of the caller unmounts it. */
import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { nextTick, type Component } from 'vue';
import { linkKey } from '../../renderer/stores/link-key.ts';
import { FakeLink } from './fake-link.ts';
import { RUNNING_SAMPLER, incidentPorts, incidentSummary, incidentTrend } from './incident.ts';
import type { EventPayload, SamplerLink } from '../../preload/contract.ts';

type Summary = EventPayload<'summary.updated'>;

/** A link that answers as the incident does. */
export function incidentLink(
  summary: Summary | null = incidentSummary(),
  sampler: SamplerLink = RUNNING_SAMPLER,
): FakeLink {
  return new FakeLink()
    .respond('workbench.describe', () => ({
      version: '0.1.0',
      host: 'web',
      platform: 'linux',
      windowControls: false,
    }))
    .respond('summary.get', () => ({ summary, sampler }))
    .respond('trend.query', () => incidentTrend())
    .respond('ports.map', () => incidentPorts())
    .respond('sampling.configure', (change) => ({
      intervalMs: change.intervalMs ?? 1000,
      paused: change.paused ?? false,
    }))
    .respond('sampling.restart', () => ({ ...RUNNING_SAMPLER, state: 'starting' }));
}

/** Mounts into the document, with the link's answers already arrived. */
export async function mountScreen(
  component: Component,
  link: FakeLink,
  props: Record<string, unknown> = {},
): Promise<VueWrapper> {
  const wrapper = mount(component, {
    props,
    attachTo: document.body,
    global: { plugins: [createPinia()], provide: { [linkKey as symbol]: link } },
  });
  await settle();
  return wrapper;
}

/** Lets answers arrive and the page redraw. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await Promise.resolve();
  await nextTick();
  await nextTick();
}
