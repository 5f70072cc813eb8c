import { expect, it } from 'vitest';
import { dagmm } from '../dagmm';
import { gdn } from '../gdn';
import { resolveParams } from '../params';
import { autoencoder } from '.';
import { propose } from './params';

it('counts its weights and windows', () => {
  const params = resolveParams(autoencoder.info.params, { window: 24 }) as never;
  const { weights, windows } = autoencoder.size(3300, 2, params);
  // By hand: 48·64 + 64, 64·16 + 16, 16·64 + 64 and 64·48 + 48.
  expect(weights).toBe(3136 + 1040 + 1088 + 3120);
  // Tail 495 of 3300 rows; in the other 2805 five validation blocks of 57 rows leave five pieces of 504, 481 windows of 24 each.
  expect(windows).toBe(2405);
});

it('proposes windows that have to be squeezed', () => {
  // One tag: seven windows of 24 as one. Several: four rows of three tags are 12 values, of which a code may have half.
  expect(propose({ channels: 1, trainRows: 5000, windowSamples: 24 })).toEqual({ window: 168, span: 168, latent: 16 });
  expect(propose({ channels: 3, trainRows: 5000, windowSamples: 24 })).toEqual({ window: 4, span: 16, latent: 6 });
});

it.each([autoencoder, dagmm, gdn])('proposes what the specs allow, whatever the data', ({ info, propose: proposeFor }) => {
  for (const facts of [
    { channels: 1, trainRows: 10, windowSamples: 4 },
    { channels: 1, trainRows: 1e6, windowSamples: 2000 },
    { channels: 200, trainRows: 5000, windowSamples: 24 },
  ]) {
    expect(() => resolveParams(info.params, proposeFor!(facts))).not.toThrow();
  }
  for (const { params } of info.presets!) expect(() => resolveParams(info.params, params)).not.toThrow();
});
