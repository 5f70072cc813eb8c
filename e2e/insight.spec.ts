import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './app-fixture';
import { chooseDetector, importExport, stage, startTraining, waitForTraining } from './steps';

/** A wave with one cycle that is a saw: a shape that is nowhere else. */
function writeWave(folder: string): string {
  const start = Date.UTC(2026, 0, 1);
  const rows = Array.from({ length: 1200 }, (_, row) => {
    const saw = row >= 900 && row < 940;
    const value = saw ? (row % 10) / 5 - 1 : Math.sin((2 * Math.PI * row) / 40) + 0.05 * Math.sin(row * 1.7);
    return `${new Date(start + row * 600_000).toISOString()},${(20 + 5 * value).toFixed(4)}`;
  });
  const file = join(folder, 'wave.csv');
  writeFileSync(file, `time,TI-1\n${rows.join('\n')}\n`);
  return file;
}

test('a model shows what it learned, and leads to the time of it', async ({ page, faultline }) => {
  const file = writeWave(faultline.dataDir);
  await faultline.open(page);
  await faultline.chooseFile(page, () => page.getByRole('button', { name: 'New from export' }).first().click(), file);
  await importExport(page);
  await stage(page, 'Model');
  await chooseDetector(page, 'Matrix profile');
  await page.getByRole('button', { name: 'What will be learned' }).click();
  await startTraining(page);
  await waitForTraining(page);
  await stage(page, 'Calibrate');
  await page.getByRole('button', { name: 'Keep threshold' }).click();
  await stage(page, 'Review');
  await expect(page.getByText('Inside the model')).toBeVisible();

  await page.keyboard.press('o');
  const panel = page.getByRole('complementary', { name: 'Inside the model' });
  await expect(panel.getByRole('heading', { name: 'Motifs' })).toBeVisible();
  const first = panel.getByRole('button', { name: /^2026-01-07 / }).first();
  await expect(first).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await page.getByRole('button', { name: 'Inside the model' }).click();
  // Row 900 is the 7th of January, 06:00.
  await first.click();
  await expect(panel).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Shown time' })).toHaveValue(/^2026-01-07 0/);
});
