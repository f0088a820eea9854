import { describe, expect, it } from 'vitest';
// @ts-expect-error: plain JavaScript, read by ESLint.
import { problemOf } from '../../../eslint-rules/import-direction.js';

const problem = (file: string, specifier: string, isType = false): unknown =>
  problemOf(file, specifier, isType);

describe('the import-direction rule', () => {
  it('keeps the core pure', () => {
    expect(problem('main/core/budget.ts', 'node:fs')).toBe('main/core/budget.ts may not import node:fs');
    expect(problem('main/core/budget.ts', '../sampling/pace.ts')).toBe(
      'main/core/budget.ts may not import main/sampling/pace.ts',
    );
    expect(problem('main/core/budget.ts', './model.ts')).toBeNull();
    expect(problem('main/core/words/verdict.ts', '../assess.ts')).toBeNull();
    expect(problem('main/core/model.ts', './budget.ts')).toBe(
      'main/core/model.ts may not import main/core/budget.ts',
    );
  });

  it('lets arrows point down only, and siblings not at each other', () => {
    expect(problem('main/sampling/sampler.ts', '../workbench/workbench.ts')).not.toBeNull();
    expect(problem('main/workbench/workbench.ts', '../sampling/protocol.ts')).toBeNull();
    expect(problem('main/hosts/web/server.ts', '../desktop/launch.ts')).not.toBeNull();
    expect(problem('main/sampling/sampler.ts', './linux/netlink.ts')).toBeNull();
  });

  it('lets the renderer know nothing but the contract', () => {
    expect(problem('renderer/stores/sockets.ts', '../../main/core/model.ts')).not.toBeNull();
    expect(problem('renderer/components/DataGrid.vue', '../stores/sockets.ts')).not.toBeNull();
    expect(problem('renderer/components/DataGrid.vue', '../../preload/contract.ts')).not.toBeNull();
    expect(problem('renderer/components/DataGrid.vue', '../../preload/contract.ts', true)).toBeNull();
    expect(problem('renderer/screens/headroom/HeadroomScreen.vue', '../../link/connect.ts')).not.toBeNull();
  });

  it('keeps Electron to the desktop entry, the preload and, as types, the desktop host', () => {
    expect(problem('main/hosts/desktop/window.ts', 'electron')).not.toBeNull();
    expect(problem('main/hosts/desktop/window.ts', 'electron', true)).toBeNull();
    expect(problem('main/desktop.ts', 'electron')).toBeNull();
    expect(problem('main/hosts/web/server.ts', 'electron', true)).not.toBeNull();
  });

  it('keeps koffi to the Linux sampler, and refuses what nobody has placed', () => {
    expect(problem('main/sampling/linux/libc.ts', 'koffi')).toBeNull();
    expect(problem('main/sampling/sampler.ts', 'koffi')).not.toBeNull();
    expect(problem('main/workbench/workbench.ts', 'lodash')).toBe(
      'main/workbench/workbench.ts may not import lodash',
    );
    expect(problem('main/elsewhere/file.ts', './x.ts')).toMatch(/stands in no row/);
  });
});
