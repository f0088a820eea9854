import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import AppButton from '../../../renderer/components/AppButton.vue';
import FigureTile from '../../../renderer/components/FigureTile.vue';
import SegmentedControl from '../../../renderer/components/SegmentedControl.vue';
import SeverityIcon from '../../../renderer/components/SeverityIcon.vue';
import StateGlyph from '../../../renderer/components/StateGlyph.vue';
import VerdictBanner from '../../../renderer/components/VerdictBanner.vue';

describe('VerdictBanner', () => {
  const props = {
    spans: [{ text: 'Enough ports', kind: 'strong' as const }],
    sentence: 'Enough ports',
    topic: 'pool',
  };
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['critical', 'Critical', '#sv-crit'],
    ['warning', 'Warning', '#sv-warn'],
    ['notice', 'Notice', '#sv-note'],
    ['ok', 'OK', '#sv-ok-solid'],
    ['unknown', 'Cannot say yet', '#sv-unknown'],
  ] as const)('shows %s by its own shape and word', (level, word, shape) => {
    const icon = mount(VerdictBanner, { props: { ...props, level } }).get('svg[role="img"]');
    expect([icon.attributes('aria-label'), icon.get('use').attributes('href')]).toEqual([word, shape]);
  });

  it('is spoken at once when the level changes, and at most once in ten seconds', async () => {
    const banner = mount(VerdictBanner, { props: { ...props, level: 'ok' } });
    const spoken = () => banner.get('[aria-live="polite"]').text();
    expect(spoken()).toBe('Enough ports');
    await banner.setProps({ level: 'warning', sentence: 'Fuller' });
    await banner.setProps({ level: 'critical', sentence: 'Nearly full' });
    expect(spoken()).toBe('Enough ports');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(spoken()).toBe('Nearly full');
  });

  it('is not spoken again when only its numbers tick', async () => {
    const banner = mount(VerdictBanner, { props: { ...props, level: 'critical', sentence: 'in 130 s' } });
    await banner.setProps({ sentence: 'in 125 s' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(banner.get('[aria-live="polite"]').text()).toBe('in 130 s');
  });

  it('T2: shows hostile text as text', () => {
    const spans = [{ text: '<img src=x onerror=alert(1)>', kind: 'mono' as const }];
    const banner = mount(VerdictBanner, { props: { ...props, level: 'ok', spans } });
    expect(banner.find('img').exists()).toBe(false);
    expect(banner.get('p').text()).toBe('<img src=x onerror=alert(1)>');
  });
});

describe('FigureTile', () => {
  it('shows unknown as an en dash with its reason, never as zero', () => {
    const tile = mount(FigureTile, {
      props: { label: 'New connections', unknownReason: 'no samples to compare yet' },
    });
    expect(tile.get('.value').text()).toBe('–unknown');
    expect(tile.get('.caption').text()).toBe('no samples to compare yet');
  });
  it('sets figures, units and the arithmetic', () => {
    const parts = [{ value: '412', unit: '/s' }];
    const tile = mount(FigureTile, {
      props: { label: 'New connections', parts, caption: '28,232 ports ÷ 60 s' },
    });
    expect([tile.get('.part').text(), tile.get('.caption').text()]).toEqual(['412/s', '28,232 ports ÷ 60 s']);
  });
});

describe('glyphs', () => {
  it('gives every state a shape and hides it from readers, since its word stands beside it', () => {
    const glyph = mount(StateGlyph, { props: { state: 'CLOSE_WAIT' } });
    expect([glyph.get('use').attributes('href'), glyph.attributes('aria-hidden')]).toEqual([
      '#st-close',
      'true',
    ]);
  });
  it('names a severity', () => {
    expect(mount(SeverityIcon, { props: { level: 'notice' } }).attributes('aria-label')).toBe('Notice');
  });
});

describe('controls', () => {
  it('says in its title why a button is disabled', () => {
    const button = mount(AppButton, { props: { disabled: true, reason: 'The sampler cannot be reached' } });
    expect([button.attributes('title'), button.attributes('type')]).toEqual([
      'The sampler cannot be reached',
      'button',
    ]);
  });
  it('moves a segmented control with the arrow keys, around its ends', async () => {
    const options = [
      { value: 'pool', label: 'This pool' },
      { value: 'all', label: 'All sockets' },
    ];
    const control = mount(SegmentedControl, {
      props: { options, label: 'Which ports', modelValue: 'all' },
      attachTo: document.body,
    });
    await control.trigger('keydown', { key: 'ArrowRight' });
    expect(control.emitted('update:modelValue')).toEqual([['pool']]);
    const checked = control.findAll('[role="radio"]').map((option) => option.attributes('aria-checked'));
    expect(checked).toEqual(['true', 'false']);
    expect(document.activeElement?.textContent?.trim()).toBe('This pool');
    control.unmount();
  });
});
