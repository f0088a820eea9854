/** Hardening E4 and E11, checked in the sources and, where built, in the build. */
import { basename } from 'node:path';
import type ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../../main/hosts/security-headers.ts';
import {
  findBuiltProblems,
  findCodeProblems,
  findTemplateProblems,
} from '../../support/static/code-checks.ts';
import {
  findHeaderProblems,
  findMarkupProblems,
  findPolicyProblems,
} from '../../support/static/page-checks.ts';
import {
  builtMissing,
  ofBuild,
  builtPaths,
  readBuilt,
  readProjectFile,
  readSources,
  type SourceText,
} from '../../support/static/sources.ts';
import { mentioning, parseScripts } from '../../support/static/syntax.ts';

/** What the checks below look for, in any form. */
const WORDS =
  /-src\b|unsafe-|Response\(|writeHead|\b(eval|Function)\b|set(Timeout|Interval)\(\s*["'`]|\bvm['"]|HTML|createContextual|document\.write|child_process|\bshell\b/;

let sources: SourceText[];
let scripts: ts.SourceFile[];
beforeAll(() => {
  sources = readSources();
  scripts = parseScripts(mentioning(sources, WORDS));
});

const script = (text: string, path = 'main/x.ts') => parseScripts([{ path, text }]);
const notBuilt = builtMissing();

describe('E4: the content security policy', () => {
  test('is exactly this', () => {
    expect(CONTENT_SECURITY_POLICY).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  test('stands in one place and is on every answer of both hosts', () => {
    expect(findPolicyProblems(scripts)).toEqual([]);
    const hosts = scripts.filter(({ fileName }) => fileName.startsWith('main/hosts/'));
    expect(findHeaderProblems(hosts)).toEqual([]);
  });

  test.each([
    ['main/hosts/web/x.ts', `const p = "script-src 'self'";`],
    ['main/hosts/web/x.ts', 'const p = `default-src ${x}`;'],
    ['main/hosts/security-headers.ts', `const p = "script-src 'self' 'unsafe-inline'";`],
    ['main/report/html.ts', `const p = "default-src 'none'; script-src 'unsafe-inline'";`],
  ])('another one is refused: %s %s', (path, text) => {
    expect(findPolicyProblems(script(text, path))).toEqual([
      `${path}:1 E4: a content security policy stands here as well.`,
    ]);
  });

  const web = script('response.writeHead(200, { ...SECURITY_HEADERS, a: 1 });', 'main/hosts/web/x.ts');
  const desktop = script(
    'new Response(null, { status, headers: SECURITY_HEADERS });',
    'main/hosts/desktop/x.ts',
  );

  test('a faultless text passes', () => {
    expect(findHeaderProblems([...web, ...desktop])).toEqual([]);
    const constant = 'const headers = { ...SECURITY_HEADERS }; new Response(b, { status, headers });';
    expect(findHeaderProblems([...web, ...script(constant, 'main/hosts/desktop/x.ts')])).toEqual([]);
  });

  test.each([
    ['response.writeHead(200, {});', 'desktop/y.ts'],
    ['response.writeHead(200);', 'web/y.ts'],
    ['new Response(body);', 'desktop/y.ts'],
    ['const headers = {}; new Response(body, { status, headers });', 'desktop/y.ts'],
  ])('an answer without it is refused: %s', (text, file) => {
    expect(findHeaderProblems([...web, ...desktop, ...script(text, `main/hosts/${file}`)])).toEqual([
      `main/hosts/${file}:1 E4: an answer without SECURITY_HEADERS.`,
    ]);
  });

  test('a host that answers nothing is noticed', () => {
    expect(findHeaderProblems(web)).toEqual(['E4: the desktop host answers nothing.']);
  });
});

describe('E4: the page', () => {
  test('holds no script, style or address of elsewhere', () => {
    expect(findMarkupProblems(readProjectFile('renderer/index.html'))).toEqual([]);
  });

  test.skipIf(notBuilt)(ofBuild('holds none when it is built', notBuilt), () => {
    const pages = readBuilt('renderer').filter(({ path }) => path.endsWith('.html'));
    expect(pages.map(({ path }) => path)).toEqual(['renderer/index.html']);
    expect(pages.flatMap(findMarkupProblems)).toEqual([]);
  });

  test.each([
    '<script>a()</script>',
    '<script type="module"></script>',
    '<script src="./a.js">a()</script>',
    '<script src="https://example.org/a.js"></script>',
    '<script src="//example.org/a.js"></script>',
    '<script src="data:text/javascript,a()"></script>',
    '<style>a {}</style>',
    '<p style="color: red">a</p>',
    '<div><p onclick="a()">a</p></div>',
    '<a href="javascript:a()">a</a>',
    '<base href="./a/">',
    '<iframe src="./a.html"></iframe>',
    '<meta http-equiv="refresh" content="0">',
  ])('%s is refused', (markup) => {
    const text = `<!doctype html><html><body>${markup}</body></html>`;
    expect(findMarkupProblems({ path: 'a.html', text })[0]).toMatch(/^a\.html:1 E4: /);
  });
});

describe('E11: text that becomes code or markup', () => {
  test('occurs nowhere in the sources', () => {
    expect(findCodeProblems(scripts)).toEqual([]);
    expect(sources.filter(({ path }) => path.endsWith('.vue')).flatMap(findTemplateProblems)).toEqual([]);
  });

  test.skipIf(notBuilt)(
    ofBuild('is not run as code in the build: no template compiler, and Zod’s is switched off', notBuilt),
    () => {
      const built = (['main', 'preload', 'renderer'] as const).flatMap(readBuilt);
      expect(built.flatMap(findBuiltProblems)).toEqual([]);
      expect(readProjectFile('preload/contract-atoms.ts').text).toContain('z.config({ jitless: true })');
    },
  );

  test.each([
    ['eval(text)', /run as code/],
    ['window.eval(text)', /run as code/],
    ['(0, eval)(text)', /run as code/],
    ['new Function("a", text)', /run as code/],
    ['Function(text)()', /run as code/],
    ['globalThis.Function(text)', /run as code/],
    ['const F = Function; new F(text)', /run as code/],
    ['setTimeout("a()", 1)', /run as code/],
    ['setInterval(`a(${b})`, 1)', /run as code/],
    ['import vm from "node:vm"', /run as code/],
    ['element.innerHTML = text', /made markup/],
    ['element["outerHTML"] = text', /made markup/],
    ['element.insertAdjacentHTML("beforeend", text)', /made markup/],
    ['h("p", { innerHTML: text })', /made markup/],
    ['document.write(text)', /made markup/],
    ['window.document.writeln(text)', /made markup/],
    ['import { exec } from "node:child_process"', /a shell/],
    ['import { execSync as run } from "child_process"', /a shell/],
    ['import * as processes from "node:child_process"', /a shell/],
    ['const { exec } = require("child_process")', /a shell/],
    ['const { exec } = await import("node:child_process")', /a shell/],
    ['spawn(program, argv, { shell: true })', /a shell/],
    ['spawn(program, argv, { "shell": "/bin/bash" })', /a shell/],
  ])('%s is refused', (text, reason) => {
    expect(findCodeProblems(script(text)).join('\n')).toMatch(reason);
    const component = `<script setup lang="ts">\n${text}\n</script>\n<template><p /></template>`;
    expect(findCodeProblems(script(component, 'renderer/X.vue')).join('\n')).toMatch(reason);
  });

  test.each([
    'pattern.exec(text)',
    'const f: Function = g',
    'setTimeout(() => a(), 1)',
    'import { spawn } from "node:child_process"',
    'spawn(program, argv, { shell: false })',
    'run({ electron: { app, shell } })',
    'file.write(text)',
  ])('%s passes', (text) => {
    expect(findCodeProblems(script(text))).toEqual([]);
  });

  test.each([
    '<p v-html="a" />',
    '<div><p :innerHTML="a" /></div>',
    '<p .innerHTML="a" />',
    '<p :innerHTML.prop="a" />',
    '<iframe :srcdoc="a" />',
  ])('the template %s is refused', (template) => {
    const text = `<template>\n${template}</template>`;
    expect(findTemplateProblems({ path: 'X.vue', text })).toEqual(['X.vue:2 E11: text is made markup.']);
  });

  test('Vue’s template compiler in a built file is refused, and so is Zod’s without its switch', () => {
    const built = (text: string) => findBuiltProblems({ path: 'renderer/assets/a.js', text });
    expect(built('const render = new Function("Vue", code)(dom);')).toHaveLength(1);
    expect(
      built('const may = cached(() => { try { return Function(``), !0 } catch { return !1 } });'),
    ).toHaveLength(1);
    expect(built('const may = cached(() => { if (o.jitless) return !1; return Function(``), !0 });')).toEqual(
      [],
    );
  });
});

test.skipIf(notBuilt)(ofBuild('E13: the build holds no source map, test or dot-file', notBuilt), () => {
  const stray = builtPaths().filter((path) => /\.map$|\.test\.|^\./.test(basename(path)));
  expect(stray).toEqual([]);
  const mapped = (['main', 'preload', 'renderer'] as const)
    .flatMap(readBuilt)
    .filter(({ text }) => /\/[/*][#@] sourceMappingURL=/.test(text));
  expect(mapped.map(({ path }) => path)).toEqual([]);
});
