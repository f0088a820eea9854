/** The HTML report as whoever gets it sees it: in a browser without a network, in both themes, on paper. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../main/report/html.ts';
import type { ReportInput } from '../../main/report/model.ts';
import { redactReport } from '../../main/report/redact.ts';
import { accessibilityProblems } from '../support/accessibility.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { incidentSummary } from '../support/incident.ts';
import { aReport, aTranscript, NO_NAMES } from '../support/report.ts';
import { findBadText } from '../support/text-check.ts';

const missing = browserMissing();
/** Where pictures go, when asked for: FOURTUPLE_PICTURES. */
const PICTURES = process.env.FOURTUPLE_PICTURES ?? null;
const HOSTILE =
  '<img src="http://127.0.0.1:9/x" onerror="document.title=1"><script>document.title=2</script>';
/** A4 less the margins, at 96 dots an inch. */
const PAPER_WIDTH = 688;

describe.skipIf(missing !== null)(
  `the HTML report in a browser${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let browser: Browser;
    let folder = '';

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'fourtuple-report-'));
      browser = await launchBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    interface Opened {
      page: Page;
      /** Whatever it asked for beyond itself, and whatever it complained about. */
      troubles: string[];
      close(): Promise<void>;
    }

    async function open(
      input: ReportInput,
      colorScheme: 'light' | 'dark' = 'light',
      width = 1100,
    ): Promise<Opened> {
      const path = join(folder, 'report.html');
      writeFileSync(path, renderHtml(input));
      const context = await browser.newContext({
        colorScheme,
        offline: true,
        viewport: { width, height: 900 },
      });
      const page = await context.newPage();
      const troubles: string[] = [];
      const address = pathToFileURL(path).href;
      page.on('request', (request) => {
        if (request.url() !== address) troubles.push(`asked for ${request.url()}`);
      });
      page.on('console', (message) => troubles.push(message.text()));
      page.on('pageerror', (error) => troubles.push(error.message));
      await page.goto(address);
      return { page, troubles, close: () => context.close() };
    }

    async function shoot(page: Page, name: string): Promise<void> {
      if (PICTURES === null) return;
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
    }

    const overflow = (page: Page) =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

    it.each(['light', 'dark'] as const)(
      'asks for nothing, complains about nothing, and reads well: %s',
      async (theme) => {
        const { page, troubles, close } = await open(aReport(), theme);
        expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('TCP ports of ci-runner-07');
        expect(await page.getByRole('img').count()).toBe(2);
        expect(await accessibilityProblems(page)).toEqual([]);
        expect(await findBadText(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
        await shoot(page, `report-${theme}`);
        expect(troubles).toEqual([]);
        await close();
      },
    );

    it('is readable in a narrow window', async () => {
      const { page, close } = await open(aReport(), 'light', 400);
      expect(await overflow(page)).toBe(0);
      expect(await findBadText(page)).toEqual([]);
      await shoot(page, 'report-narrow');
      await close();
    });

    it('prints on A4 with every column and every line of a transcript', async () => {
      const output = Array.from(
        { length: 200 },
        (_, line) => `ESTAB 0 0 10.0.2.7:${line + 40_000} 10.0.3.12:443`,
      ).join('\n');
      const longest = longNames();
      const { page, close } = await open({ ...longest, transcripts: [aTranscript({ output })] });
      const pdf = await page.pdf({ preferCSSPageSize: true });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: PAPER_WIDTH, height: 990 });
      expect(await overflow(page)).toBe(0);
      expect(await findBadText(page, 9.9)).toEqual([]);
      const hidden = await page.evaluate(
        () =>
          [...document.querySelectorAll('pre, table, .scroll')].filter(
            (box) => box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2,
          ).length,
      );
      expect(hidden).toBe(0);
      await shoot(page, 'report-print');
      await close();
    });

    it('T2: hostile names are text', async () => {
      const summary = incidentSummary();
      const input = aReport({
        summary: {
          ...summary,
          target: { ...summary.target, hostname: HOSTILE },
          consumers: summary.consumers.map((consumer) => ({
            ...consumer,
            process: HOSTILE,
            commandLine: HOSTILE,
          })),
          verdict: { ...summary.verdict, sentence: HOSTILE },
        },
        transcripts: [aTranscript({ title: HOSTILE, command: HOSTILE, output: `</pre>${HOSTILE}` })],
      });
      const { page, troubles, close } = await open(input);
      expect(await page.title()).toContain('<img src=');
      expect(await page.locator('img, script').count()).toBe(0);
      expect(await page.getByRole('region', { name: 'Verdict' }).textContent()).toContain(HOSTILE);
      expect(troubles).toEqual([]);
      await close();
    });

    it('shows nothing of what redaction was asked to hide', async () => {
      const hidden = redactReport(aReport(), new Set(['addresses', 'hosts', 'processes']), NO_NAMES);
      const { page, close } = await open(hidden);
      expect(await page.content()).not.toMatch(/10\.0\.\d|2001:db8|ci-runner|python3|prometheus|envoy/);
      expect(await page.getByText('Hidden in this report').count()).toBe(1);
      await shoot(page, 'report-redacted');
      await close();
    });
  },
);

/** IPv6 throughout, long names: what makes tables wide. */
function longNames(): ReportInput {
  const summary = incidentSummary();
  const address = '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff';
  return aReport({
    summary: {
      ...summary,
      pools: summary.pools.map((pool) => ({
        ...pool,
        localAddress: address,
        remoteAddress: address,
        owners: [
          {
            pid: 4_194_303,
            process: 'a-long-process-',
            sockets: 1,
            share: 1,
            confidence: 'observed' as const,
          },
        ],
      })),
      consumers: summary.consumers.map((consumer) => ({
        ...consumer,
        destination: `[${address}]:443`,
        unit: 'a-service-with-a-long-name@instance.service',
        commandLine: `/opt/${'deep/'.repeat(12)}program --with=${'x'.repeat(80)}`,
      })),
    },
  });
}
