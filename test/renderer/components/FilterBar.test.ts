import { enableAutoUnmount, mount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import FilterBar from '../../../renderer/components/FilterBar.vue';

enableAutoUnmount(afterEach);

function mountBar(change: Record<string, unknown> = {}) {
  const bar = mount(FilterBar, {
    attachTo: document.body,
    props: {
      modelValue: '',
      problems: [],
      suggestions: null,
      'onUpdate:modelValue': (text: string) => void bar.setProps({ modelValue: text }),
      ...change,
    },
  });
  const field = bar.find<HTMLInputElement>('input');
  return {
    bar,
    field,
    type: async (text: string) => {
      field.element.value = text;
      await field.trigger('input');
      await nextTick();
    },
    press: (key: string) => field.trigger('keydown', { key }),
    terms: () => bar.findAll('.filter-bar-term').map((term) => term.text()),
    applied: () => (bar.emitted('update:modelValue') ?? []).map(([text]) => text),
  };
}

describe('writing', () => {
  it('applies what is written at once, but not half a key', async () => {
    const { type, applied } = mountBar();
    for (const text of ['p', 'pid', 'pid:', 'pid:4', 'pid:43']) await type(text);
    expect(applied()).toEqual(['pid:4', 'pid:43']);
  });

  it('finishes a term at a space, and quoted spaces belong to it', async () => {
    const { type, terms, field } = mountBar();
    await type('dst:10.0.3.12:443 ');
    await type('process:"my ');
    expect([terms(), field.element.value]).toEqual([['dst:10.0.3.12:443'], 'process:"my ']);
    await type('process:"my app" ');
    expect([terms(), field.element.value]).toEqual([['dst:10.0.3.12:443', 'process:"my app"'], '']);
  });

  it('takes a pasted filter apart', async () => {
    const { type, terms, field, applied } = mountBar();
    await type('state:tw pid:1 -uid:0');
    expect([terms(), field.element.value]).toEqual([['state:tw', 'pid:1'], '-uid:0']);
    expect(applied()).toEqual(['state:tw pid:1 -uid:0']);
  });

  it('takes the last term back at Backspace in an empty field', async () => {
    const { press, terms, field } = mountBar({ modelValue: 'pid:1 uid:0' });
    await press('Backspace');
    expect([terms(), field.element.value]).toEqual([['pid:1'], 'uid:0']);
  });

  it('removes a term by its cross and writes one again that is pressed', async () => {
    const { bar, terms, field, applied } = mountBar({ modelValue: 'pid:1 uid:0' });
    await bar.find('[aria-label="Remove pid:1"]').trigger('click');
    expect(applied()).toEqual(['uid:0']);
    await bar.find('[aria-label="Change uid:0"]').trigger('click');
    expect([terms(), field.element.value]).toEqual([[], 'uid:0']);
  });

  it('follows a filter that is set elsewhere', async () => {
    const { bar, terms, type, field } = mountBar();
    await type('py');
    await bar.setProps({ modelValue: 'state:listen' });
    expect([terms(), field.element.value]).toEqual([['state:listen'], '']);
  });

  it('finishes the term and leaves at Esc', async () => {
    const { bar, field, type, press, terms } = mountBar();
    field.element.focus();
    await type('uid:7');
    await press('Escape');
    expect(bar.emitted('leave')).toHaveLength(1);
    expect(terms()).toEqual(['uid:7']);
  });
});

describe('suggestions', () => {
  const suggestions = {
    filter: 'pid:1 state:',
    start: 6,
    end: 12,
    suggestions: [
      { insert: 'state:time-wait', label: 'time-wait', hint: '24,168 sockets' },
      { insert: 'state:listen', label: 'listen', hint: '41 sockets' },
    ],
  };
  async function offered() {
    const mounted = mountBar({ modelValue: 'pid:1' });
    mounted.field.element.focus();
    await mounted.type('state:');
    await mounted.bar.setProps({ suggestions });
    return mounted;
  }

  it('are asked for with the whole text and the caret in it', async () => {
    const { bar } = await offered();
    expect(bar.emitted('suggest')?.at(-1)).toEqual(['pid:1 state:', 12]);
  });

  it.each(['Enter', 'Tab'])('are accepted with the arrows and %s', async (key) => {
    const { press, terms, applied } = await offered();
    await press('ArrowDown');
    await press('ArrowDown');
    await press(key);
    expect(terms()).toEqual(['pid:1', 'state:listen']);
    expect(applied().at(-1)).toBe('pid:1 state:listen');
  });

  it('name the one under the cursor for readers', async () => {
    const { press, field, bar } = await offered();
    expect(field.attributes('aria-expanded')).toBe('true');
    await press('ArrowDown');
    const active = bar.find(`[id="${field.attributes('aria-activedescendant')}"]`);
    expect([active.attributes('aria-selected'), active.text()]).toEqual(['true', 'time-wait24,168 sockets']);
  });

  it('close at Esc without leaving the field', async () => {
    const { bar, press, field } = await offered();
    await press('Escape');
    expect([bar.emitted('leave'), field.attributes('aria-expanded')]).toEqual([undefined, 'false']);
  });

  it('for another text are not shown', async () => {
    const { bar, type } = await offered();
    await type('state:x');
    expect(bar.findAll('[role="option"]')).toHaveLength(0);
  });
});

it('marks a bad term, says what is wrong and what to write', async () => {
  const message = 'age needs a unit, for example age:>30s';
  const problems = [{ start: 0, end: 7, token: 'age:>30', message }];
  const { bar, field } = mountBar({ modelValue: 'age:>30 pid:1', problems });
  expect(bar.findAll('[data-bad]').map((term) => term.text())).toEqual(['age:>30']);
  expect(bar.find(`[id="${field.attributes('aria-describedby')}"]`).text()).toBe(`age:>30 ${message}`);
});
