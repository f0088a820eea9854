/**
 * Where things live and what they may import: arrows point down only. `may` names places (see `place`) and packages,
 * `types` what may be imported as types only. A file or package that stands in no row is an error until it is placed.
 * Siblings on one level never import each other; `main/workbench` carries values between them.
 */
const CORE = ['main/core', 'main/core/model'];

export const LAYERS = [
  {
    place: 'main/entries',
    files: /^main\/(serve|cli|start)\.ts$/,
    may: ['main/*', 'node:*', 'package.json'],
  },
  {
    place: 'main/desktop.ts',
    files: /^main\/desktop\.ts$/,
    may: ['main/*', 'node:*', 'electron', 'package.json'],
  },
  {
    place: 'main/commands',
    may: [
      'main/sampling',
      'main/sampling/imported',
      'main/probes',
      'main/terminal',
      'main/fixes',
      // The state that plans are made from; other systems tell theirs through probes.
      'main/fixes/linux',
      'main/report',
      'main/storage',
      ...CORE,
      'node:*',
    ],
  },
  {
    place: 'main/hosts/desktop',
    may: [
      'main/hosts',
      'main/workbench',
      'main/storage',
      ...CORE,
      'preload/contract',
      'preload/channels',
      'node:*',
      'zod',
    ],
    types: ['electron'],
  },
  {
    place: 'main/hosts/web',
    may: ['main/hosts', 'main/workbench', ...CORE, 'preload/contract', 'node:*', 'ws', 'zod'],
  },
  { place: 'main/hosts', may: ['main/workbench', ...CORE, 'preload/contract', 'node:*'] },
  {
    place: 'main/workbench',
    may: [
      'main/sampling',
      'main/probes',
      'main/terminal',
      'main/fixes',
      // The state that plans are made from; other systems tell theirs through probes.
      'main/fixes/linux',
      'main/history',
      'main/report',
      'main/settings',
      'main/storage',
      ...CORE,
      'preload/contract',
      'node:*',
      'zod',
    ],
  },
  // The file holds what the contract says.
  { place: 'main/settings', may: ['main/storage', ...CORE, 'preload/contract', 'node:*', 'zod'] },
  { place: 'main/report', may: CORE },
  { place: 'main/history', may: [...CORE, 'node:*'] },
  { place: 'main/fixes/linux', may: ['main/fixes', 'main/storage', ...CORE, 'node:*'] },
  {
    place: 'main/fixes',
    may: ['main/fixes/linux', 'main/terminal', 'main/storage', ...CORE, 'node:*', 'zod'],
  },
  { place: 'main/sampling/linux', may: ['main/sampling', ...CORE, 'node:*', 'koffi'] },
  // Portable sampling and import read through the probes' parsers, so probes stand one step lower.
  {
    place: 'main/sampling/portable',
    may: ['main/sampling', 'main/sampling/readings', 'main/probes', 'main/terminal', ...CORE, 'node:*'],
  },
  {
    place: 'main/sampling/imported',
    may: ['main/sampling', 'main/sampling/readings', 'main/probes', ...CORE, 'node:*', 'iconv-lite'],
  },
  // Settings are derived from facts beside the parsers that know their names.
  {
    place: 'main/sampling/readings',
    may: ['main/sampling', 'main/probes/windows', 'main/probes/bsd', ...CORE],
  },
  {
    place: 'main/sampling',
    may: [
      'main/sampling/linux',
      'main/sampling/portable',
      'main/sampling/imported',
      'main/terminal',
      ...CORE,
      'node:perf_hooks',
    ],
  },
  { place: 'main/probes/windows', may: ['main/probes', ...CORE] },
  { place: 'main/probes/linux', may: ['main/probes', ...CORE] },
  { place: 'main/probes/macos', may: ['main/probes', 'main/probes/bsd', ...CORE] },
  { place: 'main/probes/freebsd', may: ['main/probes', 'main/probes/bsd', ...CORE] },
  { place: 'main/probes/bsd', may: ['main/probes', ...CORE] },
  {
    place: 'main/probes',
    may: [
      'main/probes/windows',
      'main/probes/linux',
      'main/probes/macos',
      'main/probes/freebsd',
      'main/probes/bsd',
      ...CORE,
    ],
  },
  // koffi sets the one flag that Node cannot: without it a command inherits the terminals of others.
  { place: 'main/terminal/systems', may: ['main/terminal', ...CORE, 'node:*', 'koffi'] },
  { place: 'main/terminal', may: ['main/terminal/systems', ...CORE, 'node:*', 'node-pty'] },
  // Files: where they stand, how one is written whole or not at all, whose they are.
  { place: 'main/storage', may: [...CORE, 'node:*'] },
  { place: 'main/core/model', files: /^main\/core\/model\.ts$/, may: [] },
  { place: 'main/core', may: ['main/core/model'] },
  { place: 'preload/channels', files: /^preload\/channels\.ts$/, may: ['preload/contract'] },
  {
    place: 'preload/contract',
    files: /^preload\/contract(-[a-z-]+)?\.ts$/,
    may: ['zod'],
    types: ['main/core/model'],
  },
  { place: 'preload', may: ['preload/contract', 'preload/channels', 'electron'] },
  { place: 'renderer/link', may: ['preload/contract', 'zod'] },
  {
    place: 'renderer/stores',
    may: ['renderer/link', 'renderer/format', 'renderer/composables', 'preload/contract', 'vue', 'pinia'],
  },
  {
    place: 'renderer/composables',
    may: ['renderer/format', 'vue', '@tanstack/vue-virtual'],
    types: ['preload/contract'],
  },
  { place: 'renderer/charts', may: ['renderer/format', 'uplot', 'preload/contract'] },
  // The terminal engine's adapter; it reads its colours from the tokens as the charts do.
  { place: 'renderer/terminal', may: ['renderer/charts', '@xterm/xterm', '@xterm/addon-fit'] },
  { place: 'renderer/format', may: ['preload/contract'] },
  {
    place: 'renderer/components',
    may: [
      'renderer/composables',
      'renderer/charts',
      'renderer/terminal',
      'renderer/format',
      'vue',
      'reka-ui',
      '@tanstack/vue-virtual',
    ],
    types: ['preload/contract'],
  },
  {
    place: 'renderer/screens',
    may: [
      'renderer/components',
      'renderer/composables',
      'renderer/charts',
      'renderer/format',
      'renderer/stores',
      'preload/contract',
      'vue',
      'pinia',
      'reka-ui',
    ],
  },
  { place: 'renderer/styles', may: [] },
  {
    place: 'renderer',
    files: /^renderer\/(main\.ts|App\.vue|env\.d\.ts)$/,
    may: ['renderer/*', 'vue', 'pinia', '@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'],
  },
];
