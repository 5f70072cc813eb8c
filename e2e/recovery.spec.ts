import { expect, test } from './app-fixture';
import { writePumpExport } from './pump-export';
import { chooseSmallNetwork, importExport, stage, startTraining } from './steps';

test('a crash during training loses nothing, and the training is resumed', async ({ page, faultline }) => {
  const files = writePumpExport(faultline.dataDir);
  await faultline.open(page);
  await faultline.chooseFile(page, () => page.getByRole('button', { name: 'New from export' }).first().click(), files.data);
  await importExport(page);
  await faultline.chooseFile(page, () => page.getByRole('button', { name: 'Import labels' }).click(), files.labels);
  await expect(page.getByRole('link', { name: /^Normal 4 labels/ })).toBeVisible();
  await stage(page, 'Model');
  await chooseSmallNetwork(page, 3000);
  await page.getByRole('button', { name: 'What will be learned' }).click();
  await startTraining(page);
  // Past the first checkpoint, far from the end.
  await expect(page.getByText(/steps (1\d\d|2\d\d|3\d\d|[4-9]\d\d|1,\d\d\d) of/).first()).toBeVisible({ timeout: 120_000 });
  await page.close();

  await faultline.killAndRestart();
  const again = await page.context().newPage();
  await faultline.open(again);
  await again.getByRole('row', { name: /pump/ }).click();
  await again.keyboard.press('Enter');
  await expect(again.getByRole('link', { name: /^Normal 4 labels/ })).toBeVisible();
  await stage(again, 'Train');
  await expect(again.getByText('interrupted').first()).toBeVisible();
  await again
    .getByRole('button', { name: /^Resume/ })
    .first()
    .click();
  await expect(again.getByText(/Goes on from the checkpoint at step/).first()).toBeVisible({ timeout: 60_000 });
  await again.getByRole('button', { name: 'Cancel' }).click();
  await expect(again.getByText('cancelled').first()).toBeVisible();
});
