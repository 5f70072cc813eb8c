import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { EmbeddedFont } from '../../core/report/html';

const require = createRequire(import.meta.url);
const WEIGHTS = [400, 600, 700] as const;
/** Of the latin files of @fontsource/inter. */
const LATIN =
  'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,' +
  'U+2212,U+2215,U+FEFF,U+FFFD';

let fonts: Promise<readonly EmbeddedFont[]> | undefined;

/** The product's typeface for a page that must look the same on a machine without it; empty where the files are missing. */
export function reportFonts(): Promise<readonly EmbeddedFont[]> {
  fonts ??= Promise.all(
    WEIGHTS.map(async (weight) => {
      const bytes = await readFile(require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`));
      return { weight, base64: bytes.toString('base64'), format: 'woff2' as const, range: LATIN };
    }),
  ).catch(() => []);
  return fonts;
}
