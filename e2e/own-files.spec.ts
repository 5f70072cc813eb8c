import { basename } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, type Faultline } from './app-fixture';
import { chooseDetector, importExport, stage, startTraining } from './steps';

/**
 * Files of your own, from the export to the report with every detector that the app offers, one project a file:
 * `FAULTLINE_FILES=a.csv,b.csv npm run test:e2e -- own-files --project loopback`. Minutes a file, hence not part of `npm test`.
 *
 * - FAULTLINE_LABELS: a file of labels for each of them.
 * - FAULTLINE_LATER: a later export; every model scores it, and what it finds there is reviewed and reported.
 * - FAULTLINE_DETECTORS: ids of the detectors, in this order; absent: all.
 */
const listOf = (name: string): readonly string[] => (process.env[name] ?? '').split(',').filter(Boolean);
const files = listOf('FAULTLINE_FILES');
const [labels] = listOf('FAULTLINE_LABELS');
const [later] = listOf('FAULTLINE_LATER');
const wanted = listOf('FAULTLINE_DETECTORS');

/** The slowest of the fast presets on a slow machine. */
const TRAINING_MS = 600_000;
const SCORING_MS = 180_000;
/** Training, scoring and everything around them. */
const DETECTOR_MS = 900_000;

interface Offered {
  readonly id: string;
  readonly title: string;
  /** False for one that needs several tags where the data have one. */
  readonly able: boolean;
}

/** Imports an export as it is read; one without times gets a second a row. */
async function bringIn(page: Page, faultline: Faultline, button: string, file: string): Promise<void> {
  await faultline.chooseFile(page, () => page.getByRole('button', { name: button }).first().click(), file);
  const makeTimes = page.getByRole('button', { name: 'Make the times' });
  await expect(page.getByRole('heading', { name: 'As Faultline will store it' }).or(makeTimes)).toBeVisible();
  if (await makeTimes.isVisible()) {
    await page.getByRole('textbox', { name: 'Interval of rows' }).fill('1 s');
    await makeTimes.click();
  }
  await importExport(page);
}

/** The detectors of the model page, in the order asked for; one that cannot take these data says why. */
async function offered(page: Page): Promise<readonly Offered[]> {
  await stage(page, 'Model');
  const boxes = page.getByRole('checkbox', { name: /^Train / });
  await expect(boxes.first()).toBeVisible();
  const all: Offered[] = [];
  for (const row of await page.getByRole('row').filter({ has: boxes }).all()) {
    const box = row.getByRole('checkbox');
    const able = await box.isEnabled();
    if (!able) await expect(row).toContainText('Needs several tags; the data have one.');
    const title = (await box.getAttribute('aria-label'))!.replace(/^Train /, '');
    all.push({ id: await row.locator('code').innerText(), title, able });
  }
  const asked = wanted.length === 0 ? all : wanted.map((id) => all.find((one) => one.id === id)!);
  for (const { id } of asked.filter(({ able }) => !able)) console.log(`| ${id} | needs several tags |`);
  return asked;
}

async function train(page: Page, { title }: Offered): Promise<void> {
  await stage(page, 'Model');
  await chooseDetector(page, title);
  const fast = page.getByRole('radiogroup', { name: 'Preset' }).getByRole('radio', { name: 'Fast' });
  if (await fast.isVisible()) await fast.click();
  await page.getByRole('button', { name: 'What will be learned' }).click();
  await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
  await startTraining(page);
  const job = page.getByRole('complementary', { name: 'Queue' }).getByRole('button', { pressed: true });
  await expect(job).toContainText(title);
  await expect(job).toContainText(/done|failed/, { timeout: TRAINING_MS });
  await expect(job).toContainText('done');
  await expect(page.getByText('Referee', { exact: true })).toBeVisible();
}

async function keepThreshold(page: Page): Promise<void> {
  await stage(page, 'Calibrate');
  await page.getByRole('button', { name: 'Keep threshold' }).click({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Threshold is kept' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Calibrate θ/ })).toBeVisible();
}

/** Scores the export that came later with the stored model of a detector, and goes to what it found. */
async function scoreLater(page: Page, { title }: Offered): Promise<void> {
  await stage(page, 'Import');
  const models = page.getByRole('combobox', { name: 'Stored model' });
  const name = await models
    .locator('option')
    .filter({ hasText: `${title} on ` })
    .first()
    .innerText();
  await models.selectOption({ label: name });
  await page.getByRole('button', { name: 'Score these rows' }).click({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Review what was found' }).click({ timeout: SCORING_MS });
}

async function reviewAndReport(page: Page, faultline: Faultline, { title }: Offered): Promise<string> {
  await stage(page, 'Review');
  await expect(page.getByText('Referee', { exact: true })).toBeVisible();
  const found = await page
    .getByRole('navigation', { name: 'Stages' })
    .getByRole('link', { name: /^Review / })
    .innerText();
  await stage(page, 'Report');
  const report = page.frameLocator('iframe');
  await expect(report.getByRole('heading', { name: /Summary/ })).toBeVisible({ timeout: 120_000 });
  await expect(report.getByText(title).first()).toBeVisible();
  const saved = await faultline.saved(page, () => page.getByRole('button', { name: 'Save report' }).click(), 2);
  expect(saved.map((name) => name.slice(-4)).sort()).toEqual(['.pdf', 'html']);
  return found.replace(/^Review\s+/, '');
}

for (const file of files) {
  test(`every detector on ${basename(file)}, from export to report`, async ({ page, faultline }) => {
    await faultline.open(page);
    await bringIn(page, faultline, 'New from export', file);
    if (labels) {
      await faultline.chooseFile(page, () => page.getByRole('button', { name: 'Import labels' }).click(), labels);
      await expect(page.getByRole('link', { name: /^Normal \d+ label/ })).toBeVisible();
    }
    const detectors = await offered(page);
    test.setTimeout(DETECTOR_MS * detectors.length);

    const failed: string[] = [];
    /** One that fails keeps none of the others from being tried. */
    const walked = async (list: readonly Offered[], walk: (one: Offered) => Promise<string>): Promise<readonly Offered[]> => {
      const through: Offered[] = [];
      for (const one of list) {
        const from = Date.now();
        try {
          const said = await test.step(one.title, () => walk(one));
          through.push(one);
          console.log(`| ${one.id} | ${said} | ${((Date.now() - from) / 1000).toFixed(0)} s |`);
        } catch (error) {
          const alerts = await page.getByRole('alert').allInnerTexts();
          failed.push([one.id, error instanceof Error ? error.message : String(error), ...alerts].join('\n'));
          console.log(`| ${one.id} | failed: ${alerts.join(' ')} |`);
        }
      }
      return through;
    };

    const trained = await walked(
      detectors.filter(({ able }) => able),
      async (one) => {
        await train(page, one);
        await keepThreshold(page);
        return later ? 'trained' : reviewAndReport(page, faultline, one);
      },
    );
    if (later) {
      await stage(page, 'Import');
      await bringIn(page, faultline, 'Add an export', later);
      await walked(trained, async (one) => {
        await scoreLater(page, one);
        return reviewAndReport(page, faultline, one);
      });
    }
    expect(failed.join('\n\n')).toBe('');
  });
}
