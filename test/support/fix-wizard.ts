/** The Fix screen as a person uses it, for tests in a browser. Each function waits for what it needs. */
import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';

export const footer = (page: Page): Locator => page.locator('.wizard-footer');
export const heading = (page: Page): Locator => page.getByRole('heading', { level: 1 });
export const currentStep = (page: Page): Locator => page.locator('.wizard-stepper [aria-current="step"]');

export async function onStep(page: Page, name: string): Promise<void> {
  await expect.poll(() => currentStep(page).textContent(), { timeout: 20_000 }).toContain(name);
}

export async function goToFix(page: Page, view: 'Wizard' | 'Catalogue' | 'Journal'): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: /^Fix/ }).click();
  await page.getByRole('radiogroup', { name: 'Part of Fix' }).getByRole('radio', { name: view }).click();
}

/** Chooses a fix in the wizard's second step and looks at what it would do. */
export async function chooseFix(page: Page, title: string): Promise<void> {
  await onStep(page, 'Choose');
  await page.getByRole('radiogroup', { name: 'What helps' }).getByRole('radio', { name: title }).click();
  await footer(page).getByRole('button', { name: 'Preview' }).click();
  await onStep(page, 'Preview');
}

/** Applies what is previewed. */
export async function applyPreviewed(page: Page): Promise<void> {
  await footer(page)
    .getByRole('button', { name: /^Apply/ })
    .click();
}

/** The rows of a table, each as the texts of its cells, read at one moment. */
export function rowsOf(table: Locator): Promise<string[][]> {
  return table.evaluate((element) =>
    [...element.querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('th, td')].map((cell) => (cell.textContent ?? '').replace(/\s+/g, ' ').trim()),
    ),
  );
}

/** "28,232" as a number. */
export function numberIn(text: string | undefined): number {
  const found = /-?[\d,]*\.?\d+/.exec(text ?? '');
  return found ? Number(found[0].replaceAll(',', '')) : Number.NaN;
}

/** Opens a fix of the catalogue at its preview. */
export async function openFix(page: Page, title: string): Promise<void> {
  await goToFix(page, 'Catalogue');
  await page.getByRole('textbox', { name: 'Search fixes' }).fill(title);
  await page.getByRole('listbox', { name: 'Fixes' }).getByRole('option', { name: title }).first().click();
  await footer(page).getByRole('button', { name: 'Use this…' }).click();
  await onStep(page, 'Preview');
}

/** Takes back the change that the journal shows: it asks first. */
export async function undoOfPast(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Undo( all)?…$/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
}
