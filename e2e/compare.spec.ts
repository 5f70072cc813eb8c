import { expect, test } from './app-fixture';
import { chooseDetector, stage } from './steps';

test('settings are tried, seeds repeated, runs compared, kept and handed over', async ({ page, faultline }) => {
  await faultline.open(page);
  await page.getByRole('button', { name: 'Open the sample' }).first().click();
  await expect(page.getByRole('link', { name: /^Normal 9 labels/ })).toBeVisible({ timeout: 60_000 });
  const methods = page.getByRole('table').first();

  await test.step('one training for each seed', async () => {
    await stage(page, 'Model');
    await chooseDetector(page, 'Robust z-score');
    await page.getByRole('button', { name: /^What will be learned/ }).click();
    const repeats = page.getByRole('textbox', { name: 'Repeat with this many seeds' });
    await repeats.fill('2');
    await repeats.press('Enter');
    await page.getByRole('button', { name: 'Start 2 trainings' }).click();
    await expect(page.getByRole('link', { name: /^Model 2 trained/ })).toBeVisible({ timeout: 60_000 });
  });

  await test.step('settings are tried on the calibration part, and one of them is trained', async () => {
    await stage(page, 'Model');
    await page.getByRole('button', { name: /^What will be learned/ }).click();
    await page.getByRole('button', { name: 'Try settings…' }).click();
    await page.getByRole('checkbox', { name: 'Vary Combination of tags' }).check();
    await page.getByRole('button', { name: 'Start 6 trainings' }).click();
    await expect(page.getByText('the test part was not read')).toBeVisible({ timeout: 60_000 });
    const train = page.getByRole('button', { name: 'Train with combine rms' });
    await expect(train).toBeEnabled({ timeout: 60_000 });
    await train.click();
    await expect(page.getByRole('link', { name: /^Model 3 trained/ })).toBeVisible({ timeout: 60_000 });
  });

  await test.step('runs without a threshold get one by one rule', async () => {
    await page.getByRole('link', { name: 'Compare', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Two runs make a comparison' })).toBeVisible();
    await page.getByRole('button', { name: 'Add runs' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Set all 3' }).click();
    await expect(dialog.getByText('no threshold kept yet')).toHaveCount(0, { timeout: 60_000 });
    for (const box of await dialog.getByRole('checkbox').all()) await box.check();
    await dialog.getByRole('button', { name: 'Add 3 runs' }).click();
  });

  await test.step('the two seeds are one method; referee and conditions stand beside', async () => {
    await expect(page.getByRole('heading', { name: 'Compare two runs' })).toBeVisible({ timeout: 60_000 });
    await expect(methods.getByText('2 seeds')).toBeVisible();
    await expect(methods.getByText(/^Best one-liner/)).toBeVisible();
    await expect(page.getByRole('list', { name: 'Conditions of the comparison' }).getByRole('listitem')).toHaveCount(4);
    const settings = page.getByRole('region', { name: 'What differs' });
    await expect(settings.getByText('Combination of tags')).toBeVisible();
    await expect(settings.getByText('Calibrated until')).toHaveCount(0);
    await page.keyboard.press('d');
    await expect(settings.getByText('Calibrated until')).toBeVisible();
  });

  await test.step('it is kept under a name, and handed over', async () => {
    await page.getByRole('button', { name: 'Save comparison' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('button', { name: /^Comparison of 3 runs/ })).toBeVisible();
    const names = await faultline.saved(
      page,
      async () => {
        await page.getByRole('button', { name: 'Export' }).click();
        await page.getByText('Table (CSV)').click();
      },
      1,
    );
    expect(names[0]).toMatch(/comparison\.csv$/);
  });

  await test.step('a cell opens its event on the trend of its run, beside the referee', async () => {
    const cell = page.getByRole('button', { name: /^L-05, A: caught after/ });
    await cell.click();
    await expect(page.getByRole('application', { name: /^Measured, expected/ })).toBeVisible();
    await expect(page.getByText(/best one-liner/).first()).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('v');
    await expect(page.getByRole('complementary', { name: 'Referee' }).getByText('not a result')).toBeVisible();
  });
});
