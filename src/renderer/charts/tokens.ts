/** Colours and type that charts take from the style sheet, so that one source serves both the page and the canvas. */
const colourNames = [
  'bg',
  'panel',
  'plot',
  'line',
  'line-strong',
  'text',
  'text-2',
  'text-3',
  'accent',
  'accent-soft',
  'on-accent',
  'grid',
  'axis',
  'cursor',
  'signal-1',
  'signal-2',
  'signal-3',
  'signal-4',
  'signal-5',
  'signal-6',
  'signal-7',
  'signal-8',
  'expected-edge',
  'expected-fill',
  'score',
  'score-fill',
  'threshold',
  'label-anomaly',
  'label-normal',
  'label-mode-change',
  'label-instrument',
  'label-ignore',
  'label-anomaly-tint',
  'label-normal-tint',
  'label-mode-change-tint',
  'label-instrument-tint',
  'label-ignore-tint',
  'on-label-anomaly',
  'detection',
  'detection-tint',
  'quality-bad',
  'quality-absent',
  'split-train',
  'split-calibration',
  'split-test',
  'heat-0',
  'heat-1',
  'heat-2',
  'heat-3',
  'heat-4',
  'heat-5',
] as const;

export type ColourName = (typeof colourNames)[number];

export interface ChartTokens {
  readonly colour: Readonly<Record<ColourName, string>>;
  readonly font: string;
}

/** Picks what charts need from a look-up of design tokens by name, without the prefix (`useTokens`). */
export function chartTokens(token: (name: string) => string): ChartTokens {
  const colour = Object.fromEntries(colourNames.map((name) => [name, token(name)])) as Record<ColourName, string>;
  return { colour, font: token('font') || 'sans-serif' };
}
