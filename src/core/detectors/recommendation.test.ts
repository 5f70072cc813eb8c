import { expect, it } from 'vitest';
import { recommend } from './recommendation';

const all = ['hreg-vae-lstm', 'whitened-windows', 'robust-z'];

it('recommends the network for one tag with enough rows', () => {
  // 500 + 7 · 24 = 668 rows hold 500 spans of seven windows.
  expect(recommend({ channels: 1, trainRows: 668, windowSamples: 24 }, all).id).toBe('hreg-vae-lstm');
  expect(recommend({ channels: 1, trainRows: 667, windowSamples: 24 }, all).id).toBe('robust-z');
});

it('recommends whitened windows for several tags, and the network where there are none', () => {
  const facts = { channels: 8, trainRows: 5000, windowSamples: 8 };
  expect(recommend(facts, all).id).toBe('whitened-windows');
  expect(recommend(facts, ['robust-z', 'hreg-vae-lstm']).id).toBe('hreg-vae-lstm');
});

it('says how much there is to learn from', () => {
  expect(recommend({ channels: 2, trainRows: 90, windowSamples: 8 }, all)).toMatchObject({
    id: 'robust-z',
    why: expect.stringContaining('90 rows'),
  });
});

it('names a detector that can be trained, whatever there is', () => {
  expect(recommend({ channels: 1, trainRows: 10, windowSamples: 8 }, ['other']).id).toBe('other');
});
