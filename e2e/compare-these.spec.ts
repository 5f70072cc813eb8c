import { expect, test } from './app-fixture';
import { stage } from './steps';

test('several detectors are ticked, trained as one queue, and stand in one table', async ({ page, faultline }) => {
  await faultline.open(page);
  await page.getByRole('button', { name: 'Open the sample' }).first().click();
  await expect(page.getByRole('link', { name: /^Normal 9 labels/ })).toBeVisible({ timeout: 60_000 });

  await test.step('from the model page to the selection', async () => {
    await stage(page, 'Model');
    await page.getByRole('button', { name: /^What will be learned/ }).click();
    await page.getByRole('button', { name: 'Compare these…' }).click();
    await expect(page.getByRole('heading', { name: 'Compare detectors' })).toBeVisible();
    await page.getByRole('button', { name: 'none', exact: true }).click();
    for (const name of ['Robust z-score', 'PCA (T² and Q)', 'Isolation forest']) {
      await page.getByRole('checkbox', { name: `Compare ${name}`, exact: true }).check();
    }
    await expect(page.getByRole('combobox', { name: 'Objective' })).toHaveValue('f1');
    await page.getByRole('button', { name: 'Compare these 3 detectors' }).click();
  });

  await test.step('one of them is taken out, the queue is one line of the jobs', async () => {
    await page.getByRole('button', { name: 'Cancel Isolation forest', exact: true }).click();
    await page.getByRole('link', { name: /^Jobs/ }).click();
    await expect(page.getByRole('row', { name: /^Compare 3 detectors on/ })).toContainText('2 of 3 done, 1 left', {
      timeout: 60_000,
    });
    await page.getByRole('button', { name: /^Compare 3 detectors on/ }).click();
  });

  const table = page.getByRole('table');
  await test.step('figures, null models and the one that is left stand in one table', async () => {
    const pca = page.getByRole('row').filter({ hasText: 'PCA (T² and Q)' });
    await expect(pca.getByText(/better|worse|cannot tell/)).toBeVisible({ timeout: 60_000 });
    await expect(pca.getByText('TensorFlow', { exact: true })).toBeVisible();
    await expect(table.getByText(/^Best one-liner/)).toBeVisible();
    await expect(table.getByText('Random, same rate of samples')).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'Isolation forest' })).toContainText('cancelled');
    await page.getByRole('button', { name: 'Detector', exact: true }).click();
    await expect(page.getByRole('columnheader', { name: /^Detector/ })).toHaveAttribute('aria-sort', 'ascending');
    await expect(table.getByRole('row').nth(1)).toContainText('Best one-liner');
  });

  await test.step('the one that is left takes its turn after all', async () => {
    await page.getByRole('button', { name: 'Train the one left' }).click();
    const forest = page.getByRole('row').filter({ hasText: 'Isolation forest' });
    await expect(forest.getByText(/better|worse|cannot tell/)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('3 of 3 done')).toBeVisible();
  });

  await test.step('the table is handed over, and opened event by event', async () => {
    const names = await faultline.saved(
      page,
      async () => {
        await page.getByRole('button', { name: 'Export' }).click();
        await page.getByText('Table (CSV)').click();
      },
      1,
    );
    expect(names[0]).toMatch(/comparison\.csv$/);
    await page.getByRole('button', { name: 'Event by event' }).click();
    await expect(page.getByRole('heading', { name: 'Compare three runs' })).toBeVisible({ timeout: 60_000 });
  });
});
