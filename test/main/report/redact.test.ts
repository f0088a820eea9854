import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeReport, REPORT_FORMATS } from '../../../main/report/make.ts';
import { REDACTIONS, type KnownNames, type Redaction } from '../../../main/report/model.ts';
import { createRedactor, redactReport } from '../../../main/report/redact.ts';
import { incidentSummary } from '../../support/incident.ts';
import { aReport, aTranscript, NO_NAMES } from '../../support/report.ts';

const SOCKETS = {
  heads: ['state', 'local_address', 'local_port', 'remote_address', 'remote_port', 'process', 'command_line'],
  rows: [['ESTABLISHED', '10.0.2.7', '50315', '2001:db8::20', '443', 'python3', '/usr/bin/python3 sync.py']],
};

function textOf(asked: readonly Redaction[], format: (typeof REPORT_FORMATS)[number], change = {}): string {
  const input = aReport({ sockets: SOCKETS, ...change });
  const made = makeReport(input, { format, redact: asked, known: NO_NAMES });
  if (!made.ok) throw new Error(JSON.stringify(made.failure));
  return made.value.text;
}

describe('what was asked to be hidden is in no format', () => {
  test.each(REPORT_FORMATS)('%s: addresses', (format) => {
    const text = textOf(['addresses'], format);
    expect(text).not.toMatch(/10\.0\.\d|2001:db8/i);
    expect(text).toContain('[address-1]'.replace(/[[\]]/g, format === 'md' ? '\\$&' : '$&'));
    expect(text).toContain('python3');
  });

  test.each(REPORT_FORMATS)('%s: processes, with units, containers and command lines', (format) => {
    const text = textOf(['processes'], format);
    expect(text).not.toMatch(/python3|\bjava\b|envoy|prometheus|order-sync|usr\/bin|sync\.py/i);
    if (format !== 'csv') expect(text).not.toMatch(/\bnode\b/);
    expect(text).toContain('10.0.2.7');
  });

  test.each(['html', 'md', 'json'] as const)('%s: hosts', (format) => {
    const text = textOf(['hosts'], format);
    expect(text).not.toContain('ci-runner');
    expect(text).toContain('10.0.3.12');
  });

  test('the file’s name does not tell either', () => {
    const name = (redact: readonly Redaction[], format: 'html' | 'json' = 'html') => {
      const made = makeReport(aReport(), { format, redact, known: NO_NAMES });
      return made.ok ? made.value.name : '';
    };
    expect(name([])).toBe('fourtuple-ci-runner-07-2026-11-20-1432.html');
    expect(name([], 'json')).toBe('fourtuple-ci-runner-07-2026-11-20-1432.fourtuple.json');
    expect(name(REDACTIONS)).toBe('fourtuple-host-1-2026-11-20-1432.html');
  });

  test('the report says what is hidden, and nothing when nothing is', () => {
    const hidden = redactReport(aReport(), new Set(['addresses', 'hosts']), NO_NAMES);
    expect(hidden.redactions).toEqual([
      'addresses of machines (loopback and wildcards stay)',
      'names of hosts and files',
    ]);
    expect(redactReport(aReport(), new Set(), NO_NAMES)).toEqual(aReport());
  });
});

test('the same thing has the same name in the verdict, the tables, the sockets and the transcripts', () => {
  const { summary, transcripts, sockets } = redactReport(
    aReport({ sockets: SOCKETS }),
    new Set(REDACTIONS),
    NO_NAMES,
  );
  const local = summary.pools[0]?.localAddress ?? '';
  const process = summary.consumers[0]?.process ?? '';
  expect(local).toMatch(/^\[address-\d+\]$/);
  expect(process).toMatch(/^\[process-\d+\]$/);
  expect(summary.verdict.sentence).toContain(process);
  expect(summary.pools[0]?.key.startsWith(`${local}>`)).toBe(true);
  expect(transcripts[0]?.output).toContain(`${local}:50314`);
  expect(transcripts[0]?.output).toContain(`(("${process}",pid=4312`);
  expect(sockets?.rows[0]?.slice(1, 2)).toEqual([local]);
  expect(sockets?.rows[0]?.slice(5)).toEqual([process, '[command line hidden]']);
});

test('figures, states, ports, rules and words of ours stay', () => {
  const before = aReport();
  const after = redactReport(before, new Set(REDACTIONS), NO_NAMES);
  expect(after.summary.settings).toEqual(before.summary.settings);
  expect(after.summary.totals).toEqual(before.summary.totals);
  expect(after.summary.counters).toEqual(before.summary.counters);
  expect(after.checks).toEqual(before.checks);
  expect(after.summary.findings.map(({ rule, source, level }) => [rule, source, level])).toEqual(
    before.summary.findings.map(({ rule, source, level }) => [rule, source, level]),
  );
  expect(after.summary.verdict.sentence).toContain('runs out in about 2 min 10 s');
  expect(after.transcripts[1]?.output).toBe(before.transcripts[1]?.output);
});

describe('names that tools print though nobody knew of them', () => {
  const redact = createRedactor(new Set(REDACTIONS), NO_NAMES);
  test.each([
    [
      'ss',
      'users:(("sec ret",pid=1,fd=2),("secret2",pid=3,fd=4))',
      'users:(("[process-1]",pid=1,fd=2),("[process-2]",pid=3,fd=4))',
    ],
    [
      'netstat',
      'tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 812/sshd: alice  \n',
      'tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 812/[process-1]  \n',
    ],
    [
      'netstat -o',
      'ESTABLISHED 812/secret keepalive (7193.70/0/0)',
      'ESTABLISHED 812/[process-1] keepalive (7193.70/0/0)',
    ],
    ['netstat -b', '  TCP 0.0.0.0:135\n [svchost.exe]\n', '  TCP 0.0.0.0:135\n [[process-1]]\n'],
    [
      'lsof',
      'secret  4312 alice    5u  IPv4  88120      0t0  TCP *:80 (LISTEN)',
      '[process-1]  4312 [user-1]    5u  IPv4  88120      0t0  TCP *:80 (LISTEN)',
    ],
    ['lsof -F', 'p4312\ncsecret\nu1000\nf5\n', 'p4312\nc[process-1]\nu1000\nf5\n'],
    [
      'sockstat',
      'alice    secret     4312  5  tcp4   *:80  *:*',
      '[user-1]    [process-1]     4312  5  tcp4   *:80  *:*',
    ],
    ['control groups', 'cgroup:/system.slice/secret.service <->', 'cgroup:[unit-1] <->'],
    ['/proc/PID/cgroup', '0::/user.slice/user-1000.slice\n', '0::[unit-1]\n'],
    ['a container', `docker-${'3f'.repeat(32)}.scope and ${'a1'.repeat(32)}`, '[unit-1] and [container-1]'],
    ['a domain', 'peer db1.internal.example.net', 'peer [host-1]'],
  ])('are hidden: %s', (_tool, output, shown) => {
    const fresh = createRedactor(new Set(REDACTIONS), NO_NAMES);
    expect(fresh(output, 'output')).toBe(shown);
  });

  test('what is no name stays', () => {
    for (const text of ['412/s of 470/s', 'net.ipv4.tcp_tw_reuse = 2', 'ip-sysctl.rst', '10 requests/s.'])
      expect(redact(text)).toBe(text);
  });
});

describe('names that are hard to hide', () => {
  const shown = (names: Partial<KnownNames>, text: string, asked: readonly Redaction[] = REDACTIONS) =>
    createRedactor(new Set(asked), { ...NO_NAMES, ...names })(text);

  test.each<[string, Partial<KnownNames>, string, string]>([
    ['one letter', { processes: ['x'] }, 'x (pid 3) opens', '[process-1] (pid 3) opens'],
    [
      'a part of another',
      { processes: ['node', 'node-exporter'] },
      'node and node-exporter',
      '[process-1] and [process-2]',
    ],
    ['inside a word that is none', { processes: ['node'] }, 'inode 3, node-red', 'inode 3, [process-1]-red'],
    ['in another case', { hosts: ['Web-01.Example.NET'] }, 'web-01 WEB-01.example.net', '[host-1] [host-2]'],
    ['signs of expressions', { processes: ['a.*(b)+[c]'] }, 'a.*(b)+[c] aXb', '[process-1] aXb'],
    ['a part of an address', { processes: ['db8', '10'] }, '2001:db8::1 10.0.0.9', '[address-1] [address-2]'],
    ['an address in a name', { hosts: ['ip-10-0-0-9'] }, 'ip-10-0-0-9 10.0.0.9', '[host-1] [address-1]'],
    ['our own words', { processes: ['process', 'address'] }, '10.0.0.9 process', '[address-1] [process-1]'],
    ['a mark of ours', { processes: ['secret'] }, '\ue0000\ue001 secret', '\ufffd0\ufffd [process-1]'],
    ['letters of another script', { processes: ['сервис'] }, 'сервис opens', '[process-1] opens'],
  ])('%s', (_case, names, text, expected) => {
    expect(shown(names, text)).toBe(expected);
  });
});

test('T2: whatever a process is called, it is hidden in every format', () => {
  const name = fc
    .string({
      unit: fc.constantFrom(...'qxjzQXJZ.*+?()[]{}|\\^$<>&"\'`=@-_ /:#~!%,;0127é字'),
      minLength: 2,
      maxLength: 24,
    })
    .map((text) => `q${text}x`)
    .filter((text) => text.trim() === text);
  fc.assert(
    fc.property(name, fc.constantFrom(...REPORT_FORMATS), (process, format) => {
      const summary = incidentSummary();
      const [first, ...others] = summary.consumers;
      if (!first) throw new Error('the incident has consumers');
      const hostile = {
        summary: {
          ...summary,
          consumers: [
            { ...first, process, commandLine: `/opt/${process} --token`, unit: process },
            ...others,
          ],
          verdict: { ...summary.verdict, sentence: `The pool is full; ${process} (pid 4312) opens 412/s.` },
        },
        transcripts: [aTranscript({ output: `ESTAB users:(("${process}",pid=4312,fd=7))\n` })],
        sockets: { ...SOCKETS, rows: [['ESTABLISHED', '', '', '', '', process, `/opt/${process}`]] },
      };
      const text = textOf(['processes'], format, hostile);
      for (const spelled of spellings(process))
        expect(text.toLowerCase()).not.toContain(spelled.toLowerCase());
    }),
    { numRuns: 200 },
  );
});

/** As the formats would write it. */
function spellings(name: string): string[] {
  const html = name.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? '&#39;',
  );
  return [name, html, JSON.stringify(name).slice(1, -1), name.replaceAll('"', '""')];
}
