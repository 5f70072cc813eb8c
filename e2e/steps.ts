import { expect, type Page } from '@playwright/test';

/** Steps that several specs take; each waits for what a person would wait for. */

export async function stage(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Stages' })
    .getByRole('link', { name: new RegExp(`^${name} `) })
    .click();
}

/** Imports the previewed file as it was guessed. */
export async function importExport(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Import\b/ })
    .last()
    .click();
  await expect(page.getByRole('complementary', { name: 'Import report' })).toBeVisible();
}

export async function setNumber(page: Page, title: string, value: number): Promise<void> {
  const field = page.getByRole('textbox', { name: title, exact: true });
  await field.fill(String(value));
  await field.press('Enter');
}

/** Ticks one detector alone, whichever is recommended, and shows it. */
export async function chooseDetector(page: Page, title: string): Promise<void> {
  const ticked = page.getByRole('checkbox', { name: /^Train /, checked: true });
  await expect(ticked).toHaveCount(1);
  await ticked.uncheck();
  await page.getByRole('checkbox', { name: `Train ${title}`, exact: true }).check();
  await page.getByRole('row').filter({ hasText: title }).getByText(title, { exact: true }).click();
  await expect(page.getByRole('heading', { name: title, exact: true })).toBeVisible();
}

/** A network small enough for a test: the path is the same, only shorter. */
export async function chooseSmallNetwork(page: Page, steps = 120): Promise<void> {
  await chooseDetector(page, 'Hreg-VAE-LSTM');
  await page.getByRole('button', { name: /^Expert parameters/ }).click();
  await setNumber(page, 'Window p', 20);
  await setNumber(page, 'Windows in a row k', 3);
  await setNumber(page, 'Training steps of the VAE', steps);
  await setNumber(page, 'Training steps of the LSTM', 60);
}

export async function startTraining(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByRole('complementary').filter({ hasText: 'Log' })).toBeVisible();
}

export async function waitForTraining(page: Page): Promise<void> {
  await expect(page.getByRole('link', { name: /^Calibrate no θ/ })).toBeVisible({ timeout: 120_000 });
}
