import { expect, test } from './app-fixture';
import { writePumpExport } from './pump-export';
import { chooseDetector, importExport, setNumber, stage, startTraining, waitForTraining } from './steps';

test('two networks against each other: preset, cost, curves and generated windows', async ({ page, faultline }) => {
  const files = writePumpExport(faultline.dataDir);
  await faultline.open(page);
  await faultline.chooseFile(page, () => page.getByRole('button', { name: 'New from export' }).first().click(), files.data);
  await importExport(page);

  await test.step('a preset is chosen, and what is changed by hand is an own one', async () => {
    await stage(page, 'Model');
    await chooseDetector(page, 'MIM-GAN');
    const preset = page.getByRole('radiogroup', { name: 'Preset' });
    await expect(preset.getByRole('radio', { name: 'Balanced' })).toBeChecked();
    const steps = page.getByRole('textbox', { name: 'Training steps', exact: true });
    await preset.getByRole('radio', { name: 'Fast' }).click();
    await expect(steps).toHaveValue('1500');
    await setNumber(page, 'Training steps', 60);
    await expect(preset.getByRole('radio', { name: 'Own' })).toBeChecked();
    await setNumber(page, 'Window L', 12);
    await setNumber(page, 'Stride when scoring', 12);
    await page.getByRole('button', { name: /^Expert parameters/ }).click();
    await setNumber(page, 'Hidden units', 8);
    await setNumber(page, 'Batch size', 32);
    await setNumber(page, 'Search updates', 5);
  });

  await test.step('training and scoring are told apart before anything starts', async () => {
    await page.getByRole('button', { name: 'What will be learned' }).click();
    await expect(page.getByText(/^(about|under) .*: training .*, scoring /)).toBeVisible({ timeout: 60_000 });
    await startTraining(page);
    await waitForTraining(page);
  });

  await test.step('the monitor shows who is ahead, and windows beside real ones at each recorded point', async () => {
    await expect(page.getByRole('heading', { name: 'Energy distance' })).toBeVisible();
    await expect(page.getByRole('img', { name: /^Discriminator over the steps/ })).toBeVisible();
    await expect(page.getByText('Referee')).toBeVisible();
    await page.getByRole('radio', { name: 'Generated windows' }).click();
    await expect(page.getByRole('img', { name: /, generated window 1$/ }).first()).toBeVisible();
    const point = page.getByRole('slider', { name: 'After step' });
    await expect(point).toHaveAttribute('aria-valuetext', 'Step 60');
    await page.getByRole('button', { name: 'Earlier point' }).click();
    await expect(point).toHaveAttribute('aria-valuetext', 'Step 50');
  });
});
