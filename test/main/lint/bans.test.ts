/** What lint forbids (hardening E2, E7, E11), shown by linting text that does it. */
import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, expect, test } from 'vitest';

let eslint: ESLint;
beforeAll(() => {
  eslint = new ESLint({ cwd: resolve(import.meta.dirname, '../../..') });
});

/** Messages of the rules in question. */
async function messages(path: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: path });
  return (result?.messages ?? [])
    .filter(
      ({ ruleId }) => ruleId === 'no-restricted-syntax' || ruleId === 'vue/no-v-html' || ruleId === null,
    )
    .map(({ message }) => message);
}

test.each([
  ['E11', 'main/core/x.ts', 'eval(text);'],
  ['E11', 'renderer/stores/x.ts', 'window.eval(text);'],
  ['E11', 'main/core/x.ts', 'new Function("a", text);'],
  ['E11', 'main/core/x.ts', 'Function(text)();'],
  ['E11', 'main/terminal/x.ts', 'exec(text);'],
  ['E11', 'main/terminal/x.ts', "import { execSync as run } from 'node:child_process';"],
  ['E11', 'main/terminal/x.ts', "import * as processes from 'node:child_process';"],
  ['E11', 'main/terminal/x.ts', 'spawn(program, argv, { shell: true });'],
  ['E11', 'main/terminal/x.ts', "spawn(program, argv, { shell: '/bin/sh' });"],
  ['E11', 'renderer/charts/x.ts', 'element.innerHTML = text;'],
  ['E11', 'renderer/charts/x.ts', "h('p', { innerHTML: text });"],
  ['E11', 'renderer/charts/x.ts', "element.insertAdjacentHTML('beforeend', text);"],
  ['E11', 'renderer/charts/x.ts', 'document.write(text);'],
  ['E2', 'main/hosts/desktop/x.ts', 'make({ allowRunningInsecureContent: true });'],
  ['E2', 'main/hosts/desktop/x.ts', 'make({ webSecurity: false });'],
  ['E2', 'main/hosts/desktop/x.ts', 'make({ nodeIntegration: true });'],
  ['E7', 'main/hosts/desktop/tray.ts', "ipcMain.handle('a', b);"],
  ['E7', 'main/workbench/x.ts', "import { ipcMain } from 'electron';"],
  ['E7', 'preload/door.ts', 'ipcMain;'],
  ['E7', 'renderer/link/x.ts', 'ipcMain;'],
])('%s: %s: %s is refused', async (id, path, text) => {
  expect([...new Set(await messages(path, text))]).toEqual([expect.stringMatching(`^${id}: `)]);
});

test('E11: v-html is refused, and markup bound in a component’s script', async () => {
  const component = (template: string, script = '') =>
    `<script setup lang="ts">\n${script}\n</script>\n<template>${template}</template>\n`;
  expect(await messages('renderer/components/AnyThing.vue', component('<p v-html="a" />'))).toHaveLength(1);
  expect(
    await messages('renderer/components/AnyThing.vue', component('<p />', 'element.outerHTML = a;')),
  ).toHaveLength(1);
});

test('what is like them and harmless passes', async () => {
  const fine = `import { spawn } from 'node:child_process';
    export const found = /a/.exec(text);
    export const child = spawn(program, argv, { shell: false });
    export const parts = { shell, webSecurity: true, nodeIntegration: false };`;
  expect(await messages('main/terminal/x.ts', fine)).toEqual([]);
  expect(await messages('main/hosts/desktop/ipc-registry.ts', 'ipcMain.handle(a, b);')).toEqual([]);
});
