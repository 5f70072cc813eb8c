import { expect, test } from './app-fixture';
import { stage } from './steps';

test('the sample project opens, and everything is reached from the keyboard', async ({ page, faultline }) => {
  await faultline.open(page);
  await page.getByRole('button', { name: 'Open the sample' }).first().click();
  await expect(page.getByRole('link', { name: /^Normal 9 labels/ })).toBeVisible({ timeout: 60_000 });

  await test.step('the command palette goes to a stage', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('model');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'What should learn it?' })).toBeVisible();
  });

  await test.step('the theme is switched and kept', async () => {
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await expect(page.getByRole('button', { name: 'Light theme' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('button', { name: 'Light theme' })).toBeVisible();
  });

  await test.step('settings show the engine and its self-test', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByText('second-order gradient').first()).toBeVisible();
  });

  await test.step('stages without what they need say so', async () => {
    await stage(page, 'Normal');
    await expect(page.getByRole('application', { name: /^Trend of/ })).toBeVisible();
    await page.goto(page.url().replace(/#.*$/, '#/report'));
    await expect(page.getByRole('heading', { name: 'No report yet' })).toBeVisible();
  });
});

test('a file that cannot be read is refused with what to do', async ({ page, faultline }) => {
  const { writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const file = join(faultline.dataDir, 'picture.csv');
  writeFileSync(file, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]));
  await faultline.open(page);
  await faultline.chooseFile(page, () => page.getByRole('button', { name: 'New from export' }).first().click(), file);
  await expect(
    page
      .getByRole('alert')
      .or(page.getByRole('button', { name: 'Copy details' }))
      .first(),
  ).toBeVisible();
});
