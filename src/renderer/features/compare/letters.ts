import type { ColourName } from '../../charts/tokens';

/** Rows are told apart by their letter; colour and dash only help. Eight colours, then the same again with another dash. */
const colours = ['signal-1', 'signal-2', 'signal-3', 'signal-4', 'signal-5', 'signal-6', 'signal-7', 'signal-8'] as const;

/** Place of a letter: A 0, B 1, … Z 25, AA 26. */
export function placeOf(letter: string): number {
  let place = 0;
  for (const c of letter) place = place * 26 + (c.charCodeAt(0) - 64);
  return place - 1;
}

/** Colour token of a row's letter. */
export function colourOf(letter: string): ColourName {
  return colours[Math.max(0, placeOf(letter)) % colours.length]!;
}

/** CSS value of a row's colour. */
export const colourVar = (letter: string): string => `var(--fl-${colourOf(letter)})`;
