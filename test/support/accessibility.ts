/** Looks at a page as assistive technology does: axe-core's rules, told in words. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

export interface Inspection {
  /** A selector: only what is inside it; absent is the whole page. */
  within?: string;
  /** Only what colours decide: for another theme of a page whose structure was looked at. */
  onlyContrast?: boolean;
}

/** Violations, one line each with the first element; none is []. */
export async function accessibilityProblems(
  page: Page,
  { within, onlyContrast = false }: Inspection = {},
): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  // Only violations are collected whole, and there are no frames of other origins: several times faster.
  axe.options({
    resultTypes: ['violations'],
    ...(onlyContrast && { runOnly: { type: 'rule', values: ['color-contrast'] } }),
  });
  axe.setLegacyMode();
  if (within !== undefined) axe.include(within);
  const { violations } = await axe.analyze();
  return violations.map(({ id, help, nodes }) => {
    const [node] = nodes;
    const where = `${node?.html.slice(0, 200)} ${node?.failureSummary?.slice(0, 400)}`;
    return `${id}: ${help} (${nodes.length}): ${where}`;
  });
}
