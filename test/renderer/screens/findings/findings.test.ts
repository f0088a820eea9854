import type { VueWrapper } from '@vue/test-utils';
import { defineComponent, h, nextTick } from 'vue';
import { afterEach, expect, it } from 'vitest';
import FindingLayer from '../../../../renderer/screens/findings/FindingLayer.vue';
import HeadroomScreen from '../../../../renderer/screens/headroom/HeadroomScreen.vue';
import { useFindings } from '../../../../renderer/stores/findings.ts';
import { useNavigation } from '../../../../renderer/stores/navigation.ts';
import type { FakeLink } from '../../../support/fake-link.ts';
import { aFinding } from '../../../support/findings.ts';
import { INCIDENT_AT_MS, INCIDENT_POOL_KEY, incidentSummary } from '../../../support/incident.ts';
import { incidentLink, mountScreen, settle } from '../../../support/mount-screen.ts';

const CLOSES_FIRST = aFinding({
  id: 'time-wait-client:a',
  rule: 'time-wait-client',
  level: 'critical',
  title: 'This side closes first',
  sentence: 'python3 (pid 4312) closes its connections itself.',
  figures: ['time-wait', 'sockets'],
  poolKey: INCIDENT_POOL_KEY,
  pid: 4312,
  remedies: [
    { fixId: 'app-keep-alive', label: 'Keep connections open', why: 'needs few ports', kind: 'application' },
    { fixId: 'linux-widen-range', label: 'Widen the range', why: 'more ports', kind: 'system' },
    { fixId: 'linux-tw-reuse', label: 'Reuse ports', why: 'sooner free', kind: 'system' },
  ],
});
const OTHER = aFinding({ id: 'range-small', rule: 'range-small', level: 'notice', title: 'Small range' });
const CHECKS = [
  { rule: 'pool-slow', title: 'Speed of connect()' },
  { rule: 'time-wait-client', title: 'Who closes first' },
  { rule: 'windows-events', title: 'Events of Windows' },
];
const Both = defineComponent(() => () => [h(HeadroomScreen), h(FindingLayer)]);

let mounted: VueWrapper | null = null;
afterEach(() => {
  mounted?.unmount();
  mounted = null;
  document.body.replaceChildren();
});

async function show(findings = [CLOSES_FIRST, OTHER], link = linkWith(findings)): Promise<FakeLink> {
  mounted = await mountScreen(Both, link);
  await settle();
  return link;
}
function linkWith(findings: (typeof CLOSES_FIRST)[]): FakeLink {
  return incidentLink(incidentSummary({ findings })).respond('findings.checks', () => ({ checks: CHECKS }));
}
const dialog = () => document.querySelector<HTMLElement>('[role="dialog"]');
const textOf = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, ' ').trim();
async function press(within: ParentNode | null, name: RegExp): Promise<void> {
  const button = [...(within?.querySelectorAll('button') ?? [])].find((one) => name.test(textOf(one) ?? ''));
  if (!button) throw new Error(`There is no button ${name}`);
  button.click();
  await settle();
}

it('lists the findings beside the consumers and counts what passed', async () => {
  await show();
  const panel = document.querySelector('.findings-panel');
  expect(textOf(panel?.querySelector('.sub'))).toBe('2 open · 1 passed');
  expect([...(panel?.querySelectorAll('.title') ?? [])].map(textOf)).toEqual([
    'This side closes first',
    'Small range',
  ]);
  expect(document.querySelectorAll('.consumer-row').length).toBeGreaterThan(0);
});

it('keeps the pools behind the switch, and what was chosen when findings come and go', async () => {
  const link = await show();
  await press(document.querySelector('.findings-panel header'), /^Pools$/);
  expect(document.querySelectorAll('.pool-row').length).toBeGreaterThan(0);
  link.emit('summary.updated', incidentSummary({ sequence: 426, findings: [] }));
  await settle();
  expect(document.querySelectorAll('.pool-row').length).toBeGreaterThan(0);
  await press(document.querySelector('.findings-panel header'), /^Findings$/);
  expect(textOf(document.querySelector('.findings-panel'))).toContain('Nothing found');
});

it('turns the list with P', async () => {
  await show();
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'p' }));
  await nextTick();
  expect(document.querySelector('.pool-row')).not.toBeNull();
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'p' }));
  await nextTick();
  expect(document.querySelector('.pool-row')).toBeNull();
});

it('opens a finding with its evidence, its disproof and its remedies in order of worth', async () => {
  await show();
  await press(document.querySelector('.finding-row'), /^Details: This side closes first$/);
  expect(textOf(dialog()?.querySelector('h2'))).toBe('This side closes first');
  const words = textOf(dialog());
  for (const part of [
    CLOSES_FIRST.sentence,
    CLOSES_FIRST.evidence,
    CLOSES_FIRST.disproof,
    CLOSES_FIRST.source,
  ])
    expect(words).toContain(part);
  expect([...(dialog()?.querySelectorAll('.remedy-list li') ?? [])].map(textOf)).toEqual([
    '1Keep connections openneeds few ports',
    '2Widen the rangemore ports',
    '3Reuse portssooner free',
  ]);
  expect([...(dialog()?.querySelectorAll('.remedy-list .kind') ?? [])].map(textOf)).toEqual([
    'Application: removes the cause',
    'System: buys time',
  ]);
});

it('leads from a finding to the proof of a figure and to its sockets', async () => {
  await show();
  const findings = useFindings();
  const navigation = useNavigation();
  findings.open(CLOSES_FIRST.id);
  await settle();
  await press(dialog(), /^Show evidence for TIME_WAIT sockets$/);
  expect([navigation.screen, navigation.params, findings.opened]).toEqual([
    'evidence',
    { figure: 'time-wait' },
    null,
  ]);
  findings.open(CLOSES_FIRST.id);
  await settle();
  await press(dialog(), /^Show sockets$/);
  expect(navigation.params).toEqual({ filter: 'src:10.0.2.7 dst:10.0.3.12:443 state:time-wait' });
});

it('opens the wizard for a finding from its row, the verdict and its details, where something helps', async () => {
  await show();
  const navigation = useNavigation();
  const params = { findingId: CLOSES_FIRST.id, poolKey: CLOSES_FIRST.poolKey };
  await press(document.querySelector('.finding-row'), /^Fix…: This side closes first$/);
  expect([navigation.screen, navigation.params]).toEqual(['fix', params]);
  expect(dialog()).toBeNull();
  navigation.go('headroom');
  await press(document.querySelector('[aria-label="Verdict"]'), /^Fix…$/);
  expect([navigation.screen, navigation.params]).toEqual(['fix', params]);
  const findings = useFindings();
  findings.open(CLOSES_FIRST.id);
  await settle();
  await press(dialog(), /^Fix…$/);
  expect([navigation.params, findings.opened]).toEqual([params, null]);
  mounted?.unmount();
  await show([{ ...CLOSES_FIRST, remedies: [] }]);
  expect(textOf(document.querySelector('.headroom-screen'))).not.toContain('Fix…');
});

it('opens the wizard at a fix that a finding names', async () => {
  await show();
  const findings = useFindings();
  findings.open(CLOSES_FIRST.id);
  await settle();
  await press(dialog(), /^Widen the range$/);
  const fixId = CLOSES_FIRST.remedies.find(({ label }) => label === 'Widen the range')?.fixId;
  expect(useNavigation().params).toEqual({
    findingId: CLOSES_FIRST.id,
    poolKey: CLOSES_FIRST.poolKey,
    fixId,
  });
  expect(findings.opened).toBeNull();
});

it('follows a finding while it is open, and keeps its last words when it is found no more', async () => {
  const link = await show();
  const findings = useFindings();
  findings.open(CLOSES_FIRST.id);
  await settle();
  const sentence = 'python3 (pid 4312) still does.';
  link.emit('summary.updated', incidentSummary({ sequence: 426, findings: [{ ...CLOSES_FIRST, sentence }] }));
  await settle();
  expect(textOf(dialog())).toContain(sentence);
  const takenAtMs = INCIDENT_AT_MS + 2000;
  link.emit('summary.updated', incidentSummary({ sequence: 427, takenAtMs, findings: [] }));
  await settle();
  expect(textOf(dialog())).toContain(sentence);
  expect(textOf(dialog()?.querySelector('[role="status"]'))).toMatch(
    /^Not found any more since \d\d:\d\d:\d\d\./,
  );
});

it('keeps the keys in the list when the row that opened the details is gone', async () => {
  const link = await show();
  const row = document.querySelector<HTMLElement>('.findings-list li button');
  row?.focus();
  row?.click();
  await settle();
  link.emit('summary.updated', incidentSummary({ sequence: 427, findings: [OTHER] }));
  await settle();
  useFindings().close();
  await settle();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(dialog()).toBeNull();
  expect(document.activeElement?.closest('.findings-panel')).not.toBeNull();
});

it('does not say of a warning without a fix that nothing needs doing', async () => {
  await show([aFinding({ level: 'warning', remedies: [] }), { ...OTHER, remedies: [] }]);
  useFindings().open(aFinding().id);
  await settle();
  expect(textOf(dialog())).toContain('No fix is offered for this');
  useFindings().open(OTHER.id);
  await settle();
  expect(textOf(dialog())).toContain('Nothing needs doing.');
});

it('opens what the verdict speaks of, and nothing where it speaks of no finding', async () => {
  await show();
  await press(document.querySelector('[aria-label="Verdict"]'), /^Details…$/);
  expect(textOf(dialog()?.querySelector('h2'))).toBe('This side closes first');
  mounted?.unmount();
  await show([OTHER]);
  const actions = textOf(document.querySelector('[aria-label="Verdict"] .actions'));
  expect(actions).not.toContain('Details');
});

it('lists every check with its state, those that found something first', async () => {
  await show();
  await press(document.querySelector('.findings-panel'), /^All checks$/);
  expect([...(dialog()?.querySelectorAll('.checks > li') ?? [])].map(textOf)).toEqual([
    'Who closes first1 findingThis side closes first',
    'Speed of connect()passed',
    'Events of Windowsof another system',
  ]);
  await press(dialog(), /^This side closes first$/);
  expect(textOf(dialog()?.querySelector('h2'))).toBe('This side closes first');
});

it('says why the checks could not be listed, and tries again', async () => {
  const link = linkWith([OTHER]).respond('findings.checks', () => {
    throw new Error('The workbench is busy.');
  });
  await show([OTHER], link);
  await press(document.querySelector('.findings-panel'), /^All checks$/);
  expect(textOf(dialog())).toContain('The workbench is busy.');
  link.respond('findings.checks', () => ({ checks: CHECKS }));
  await press(dialog(), /^Try again$/);
  expect(dialog()?.querySelectorAll('.checks > li')).toHaveLength(3);
});

it('opens the facts of a consumer without leaving the screen', async () => {
  await show();
  const more = document.querySelector<HTMLElement>('.consumer-row .more');
  expect(more?.getAttribute('aria-label')).toBe('Details of python3 to 10.0.3.12:443');
  more?.click();
  await settle();
  expect(more?.getAttribute('aria-expanded')).toBe('true');
  expect(textOf(document.querySelector('.consumer-facts'))).toContain('24,168 TIME-WAIT');
  expect(useNavigation().screen).toBe('headroom');
});
