import { expect, test } from 'vitest';
import { uvGate } from '../../../main/terminal/uv-gate.ts';

test.each(['1.52.1', '1.52.2', '1.53.0', '2.0.0', '1.100.0', '1.52.1-dev'])(
  'G1: libuv %s may use a pty',
  (version) => {
    expect(uvGate(version)).toBeNull();
  },
);

test.each(['1.52.0', '1.51.9', '1.46.0', '0.99.99', '', 'new', undefined])(
  'G1: libuv %s may not',
  (version) => {
    expect(uvGate(version)).toMatch(/^Ran over a pipe instead of a terminal: libuv .* does not\.$/);
  },
);
