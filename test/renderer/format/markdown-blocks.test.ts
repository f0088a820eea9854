import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderMarkdown } from '../../../main/report/markdown.ts';
import { markdownBlocks } from '../../../renderer/format/markdown-blocks.ts';
import { aFinding } from '../../support/findings.ts';
import { incidentSummary } from '../../support/incident.ts';

it('shows headings, sentences, lists, tables and outputs without their marks', () => {
  const text = [
    '# TCP ports of a\\_b',
    '',
    '**CRITICAL** — it is \\*full\\*',
    '',
    '- one',
    '- two',
    '1. first',
    '| Process | Ports |',
    '| --- | ---: |',
    '| a\\|b | 2 |',
    '```',
    '# not a heading',
    '```',
  ].join('\n');
  expect(markdownBlocks(text)).toEqual([
    { kind: 'heading', level: 1, text: 'TCP ports of a_b' },
    {
      kind: 'paragraph',
      pieces: [
        { text: 'CRITICAL', isStrong: true },
        { text: ' — it is *full*', isStrong: false },
      ],
    },
    { kind: 'list', isOrdered: false, items: ['one', 'two'] },
    { kind: 'list', isOrdered: true, items: ['first'] },
    { kind: 'table', rows: ['Process · Ports', 'a|b · 2'], more: 0 },
    { kind: 'output', lines: 1 },
  ]);
});

it('reads the report that is really made, wherever it is cut', () => {
  const whole = renderMarkdown({
    version: '0.1.0',
    createdAtMs: 0,
    timeZone: 'UTC',
    summary: incidentSummary({ findings: [aFinding()] }),
    checks: [],
    trends: [],
    transcripts: [],
    changes: [],
    sockets: null,
    redactions: [],
  });
  const headings = markdownBlocks(whole).flatMap((block) => (block.kind === 'heading' ? [block.text] : []));
  expect(headings.slice(0, 3)).toEqual(['TCP ports of ci-runner-07', 'Findings', 'Warning: A pool runs out']);
  fc.assert(
    fc.property(fc.nat(whole.length), (end) => markdownBlocks(whole.slice(0, end)).length >= 0),
    { numRuns: 50 },
  );
});

it('never fails on any text', () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(markdownBlocks(text))));
});
