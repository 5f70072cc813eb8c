import { basename } from 'node:path';
import { expect, test } from './app-fixture';
import { chooseDetector, importExport, stage, startTraining } from './steps';

/**
 * Files of your own, from the export to the report with each trained detector of the papers:
 * `FAULTLINE_FILES=a.csv,b.csv npm run test:e2e -- own-files --project loopback`. Minutes a file, hence not part of `npm test`.
 */
const files = (process.env['FAULTLINE_FILES'] ?? '').split(',').filter(Boolean);
const titles = ['Hreg-VAE-LSTM', 'VAE (variational autoencoder)', 'LSTM-AD', 'ARMA forecast', 'MIM-GAN', 'MAD-GAN'];
/** Fast presets of the slowest of them on a slow machine. */
const TRAINING_MS = 280_000;

for (const file of files) {
  for (const title of titles) {
    test(`${title} on ${basename(file)}, from export to report`, async ({ page, faultline }) => {
      await faultline.open(page);
      await faultline.chooseFile(page, () => page.getByRole('button', { name: 'New from export' }).first().click(), file);
      await importExport(page);
      await stage(page, 'Model');
      await chooseDetector(page, title);
      const preset = page.getByRole('radiogroup', { name: 'Preset' });
      await preset.getByRole('radio', { name: 'Fast' }).click();
      await page.getByRole('button', { name: 'What will be learned' }).click();
      await startTraining(page);
      await expect(page.getByRole('link', { name: /^Calibrate no θ/ })).toBeVisible({ timeout: TRAINING_MS });
      await expect(page.getByText('Referee')).toBeVisible();
      await stage(page, 'Calibrate');
      await page.getByRole('button', { name: 'Keep threshold' }).click();
      await expect(page.getByRole('link', { name: /^Calibrate θ/ })).toBeVisible();
      await stage(page, 'Review');
      await expect(page.getByText('Referee')).toBeVisible();
      await stage(page, 'Report');
      await expect(page.frameLocator('iframe').getByRole('heading', { name: /Summary/ })).toBeVisible();
      const saved = await faultline.saved(page, () => page.getByRole('button', { name: 'Save report' }).click(), 2);
      expect(saved.map((name) => name.slice(-4)).sort()).toEqual(['.pdf', 'html']);
    });
  }
}
