import { expect, test } from './app-fixture';
import { writePumpExport } from './pump-export';
import { chooseSmallNetwork, importExport, stage, startTraining, waitForTraining } from './steps';

test('from a historian export to a report', async ({ page, faultline }) => {
  const files = writePumpExport(faultline.dataDir);

  await test.step('import: the guess is shown before anything is stored', async () => {
    await faultline.open(page);
    await expect(page.getByRole('heading', { name: 'No project yet' })).toBeVisible();
    await faultline.chooseFile(page, () => page.getByRole('button', { name: 'New from export' }).first().click(), files.data);
    await expect(page.getByRole('heading', { name: 'How to read this file' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Delimiter: semicolon' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Decimal mark: comma' })).toBeVisible();
    await expect(page.getByText('Nothing is imported yet.')).toBeVisible();
    await expect(page.getByText(`${files.statusCells} cells`).first()).toBeVisible();
    await importExport(page);
    await expect(page.getByRole('complementary', { name: 'Import report' })).toContainText('2,600');
  });

  await test.step('labels: from a file, and by dragging', async () => {
    await faultline.chooseFile(page, () => page.getByRole('button', { name: 'Import labels' }).click(), files.labels);
    await expect(page.getByRole('link', { name: /^Normal 4 labels/ })).toBeVisible();
    await stage(page, 'Normal');
    await page.keyboard.down('Shift');
    const trend = page.getByRole('application', { name: /^Trend of/ });
    const box = (await trend.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.1, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.15, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect(page.getByRole('link', { name: /^Normal 5 labels/ })).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('link', { name: /^Normal 4 labels/ })).toBeVisible();
  });

  await test.step('model: what will be learned is shown before it starts', async () => {
    await stage(page, 'Model');
    await chooseSmallNetwork(page);
    await page.getByRole('button', { name: 'What will be learned' }).click();
    await expect(page.getByRole('heading', { name: 'Rows of each part' })).toBeVisible();
    await startTraining(page);
  });

  await test.step('training: the monitor tells when it is done', async () => {
    await waitForTraining(page);
    // It was started at once, and waited until its cost was known.
    await expect(page.getByRole('complementary').filter({ hasText: 'Log' })).toContainText('were estimated');
  });

  await test.step('calibration: a threshold with its consequences is kept', async () => {
    await stage(page, 'Calibrate');
    await expect(page.getByText(/of \d+ caught/)).toBeVisible();
    await page.getByRole('button', { name: 'Keep threshold' }).click();
    await expect(page.getByRole('link', { name: /^Calibrate θ/ })).toBeVisible();
  });

  await test.step('calibration: a contract is stated, mapped, kept whole and taken back whole', async () => {
    await page.getByRole('button', { name: 'State a contract' }).click();
    const contract = page.getByRole('group', { name: 'Contract' });
    await expect(contract).toContainText('must catch');
    const days = contract.getByRole('textbox', { name: 'Days in which they are allowed' });
    await days.fill('0.02');
    await days.press('Tab');
    await expect(contract.getByText(/settings tried keeps? it/)).toBeVisible();
    const setting = page.getByRole('slider', { name: 'Present setting on the map' });
    await setting.press('Shift+ArrowRight');
    await expect(page.getByRole('complementary', { name: 'Consequences' })).toContainText('false events a day');
    await page.keyboard.press('Control+Enter');
    const kept = page.getByRole('button', { name: 'Contract and threshold are kept' });
    await expect(kept).toBeVisible();
    await page.keyboard.press('Control+z');
    await expect(page.getByText('No contract yet.')).toBeVisible();
    await page.keyboard.press('Control+y');
    await expect(days).toHaveValue('0.02');
    await expect(kept).toBeVisible();
  });

  await test.step('review: events are listed and decided upon', async () => {
    await stage(page, 'Review');
    await expect(page.getByText(/^Test part/).first()).toBeVisible();
    await page.getByRole('button', { name: 'Term by term' }).click();
    const terms = page.getByRole('dialog', { name: 'Contract' });
    await expect(terms).toContainText('In the test part');
    await page.keyboard.press('Escape');
    await expect(terms).toHaveCount(0);
    const row = page.getByRole('row', { name: /E-01/ });
    await expect(row).toBeVisible();
    await row.click();
    await page.keyboard.press('c');
    await expect(row).toContainText('Confirmed');
  });

  await test.step('report: the same run as a page and as files', async () => {
    await stage(page, 'Report');
    const preview = page.frameLocator('iframe');
    await expect(preview.getByRole('heading', { name: /Summary/ })).toBeVisible();
    const saved = await faultline.saved(page, () => page.getByRole('button', { name: 'Save report' }).click(), 2);
    expect(saved.map((file) => file.slice(-4)).sort()).toEqual(['.pdf', 'html']);
  });
});
