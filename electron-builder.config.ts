/**
 * What `npm run package` makes: https://www.electron.build/configuration. Publisher's data, keys and servers stand in
 * the environment; docs/release.md lists them.
 */
import type { Configuration } from 'electron-builder';
import { setFuses } from './scripts/fuses.ts';

const EXECUTABLE = 'fourtuple';
/** deb and rpm want both; addresses that are reserved (RFC 2606) stand for those of a publisher. */
const HOMEPAGE = process.env['FOURTUPLE_HOMEPAGE'] ?? 'https://fourtuple.example/';
const MAINTAINER =
  process.env['FOURTUPLE_MAINTAINER'] ?? 'Fourtuple contributors <contributors@fourtuple.example>';

const REPORT = {
  name: 'Fourtuple report',
  description: 'Report of Fourtuple',
  mimeType: 'application/vnd.fourtuple.report+json',
} as const;

/** Of a package in node_modules, these parts are not needed to run it (hardening E13). */
const LEFT_OUT = [
  // Matches at any depth: source maps, tests, dot-files, sources, documentation.
  '!**/*.map',
  '!**/*.{ts,mts,cts,cc,hh,c,h,S,asm,inc,def,gyp,gypi,pdb,md,txt}',
  '!**/.*',
  '!**/.*/**',
  '!**/{test,tests,__tests__,spec,docs,doc,example,examples}/**',
  '!**/*.{test,spec}.{js,mjs,cjs}',
  // The build tools of the two native modules.
  '!**/node_modules/node-addon-api/**',
  '!**/node_modules/node-pty/{src,scripts,third_party,typings,deps}/**',
  '!**/node_modules/koffi/{cnoke.cjs,vendor,lib}',
  '!**/node_modules/koffi/{vendor,lib}/**',
  // Binaries of other systems and processors.
  '!**/node_modules/node-pty/prebuilds/!(${platform}-${arch})/**',
  '!**/node_modules/@koromix/!(koffi-${platform}-${arch})/**',
];

const config: Configuration = {
  appId: 'net.fourtuple.Fourtuple',
  productName: 'Fourtuple',
  copyright: 'Copyright © 2026 Fourtuple contributors',
  directories: { buildResources: 'build', output: 'dist' },
  // Only here: a platform's own list would be taken by itself, and pack everything that it does not exclude.
  files: [
    'out/**',
    // Entries of the command line and of a clone.
    '!out/main/{cli,serve,start}.js',
    'resources/**',
    'LICENSE',
    'THIRD-PARTY.md',
    'package.json',
    ...LEFT_OUT,
    // Its texts are what the licences ask for.
    'THIRD-PARTY.md',
  ],
  asar: { smartUnpack: false },
  // What the system's loader opens must be a file of its own; all else stays inside, where its integrity is checked.
  asarUnpack: ['**/*.node', '**/node_modules/node-pty/prebuilds/**'],
  extraMetadata: { homepage: HOMEPAGE },
  // Both native modules bring Node-API binaries, which need no building for Electron.
  npmRebuild: false,
  nodeGypRebuild: false,
  electronLanguages: ['en-US'],
  // Fuses are set here and not by `electronFuses`: that knows eight of the nine (hardening E12).
  afterPack: setFuses,
  // Nothing updates itself.
  publish: null,
  toolsets: { appimage: '1.0.3' },

  linux: {
    target: [
      { target: 'AppImage', arch: ['x64', 'arm64'] },
      { target: 'deb', arch: ['x64', 'arm64'] },
      { target: 'rpm', arch: ['x64', 'arm64'] },
    ],
    executableName: EXECUTABLE,
    icon: 'build/icons',
    category: 'System;Network;Monitor',
    synopsis: 'Tells whether this machine runs out of TCP ports',
    maintainer: MAINTAINER,
    vendor: 'Fourtuple contributors',
    syncDesktopName: true,
    desktop: {
      entry: {
        GenericName: 'TCP port workbench',
        Keywords: 'TCP;port;ephemeral;exhaustion;TIME_WAIT;socket;EADDRNOTAVAIL;netstat;ss;',
        StartupNotify: 'true',
        SingleMainWindow: 'true',
      },
    },
    // A glob on Linux: the double extension counts as one.
    fileAssociations: [{ ...REPORT, ext: 'fourtuple.json' }],
  },
  deb: {
    afterInstall: 'build/linux/after-install.sh',
    afterRemove: 'build/linux/after-remove.sh',
    appArmorProfile: 'build/linux/apparmor-profile',
    packageCategory: 'net',
  },
  rpm: {
    afterInstall: 'build/linux/after-install.sh',
    afterRemove: 'build/linux/after-remove.sh',
    appArmorProfile: 'build/linux/apparmor-profile',
    // Debian's word is "net"; Fedora's is this one.
    packageCategory: 'Applications/Internet',
  },
  // Hardening G3: electron-builder's own default here would be --no-sandbox.
  appImage: { executableArgs: [] },

  win: {
    target: [
      { target: 'nsis', arch: ['x64', 'arm64'] },
      { target: 'portable', arch: ['x64'] },
    ],
    icon: 'build/icons/fourtuple.ico',
    executableName: 'Fourtuple',
    // Never asks for an administrator: hardening G3.
    requestedExecutionLevel: 'asInvoker',
  },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
    artifactName: '${productName}-${version}-setup-${arch}.${ext}',
  },
  portable: { artifactName: '${productName}-${version}-portable-${arch}.${ext}' },

  mac: {
    target: [{ target: 'dmg', arch: ['x64', 'arm64'] }],
    icon: 'build/icons/fourtuple.icns',
    category: 'public.app-category.developer-tools',
    darkModeSupport: true,
    hardenedRuntime: true,
    // "Open with" for any .json, never the default: macOS sees only the last part of .fourtuple.json.
    fileAssociations: [{ ...REPORT, ext: 'json', role: 'Viewer', rank: 'Alternate' }],
  },
  dmg: { artifactName: '${productName}-${version}-${arch}.${ext}' },
};

export default config;
