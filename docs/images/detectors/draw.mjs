// Draws the pictures of the detectors' pages: node docs/images/detectors/draw.mjs. Each is one idea; shapes and colours mean the same in all.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const INK = '#22303c';
const SOFT = '#6b7a88';
const LINE = '#c9d2da';
const MEASURED = '#33688f';
const EXPECTED = '#8a9aa8';
const ANOMALY = '#c2452d';
const FILL = '#eef3f7';
const WIDTH = 760;

const escape = (words) => words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const text = (x, y, words, { size = 13, colour = INK, anchor = 'middle', weight = 400 } = {}) =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${colour}" text-anchor="${anchor}" font-weight="${weight}">${escape(words)}</text>`;
const note = (x, y, words, more = {}) => text(x, y, words, { size: 11.5, colour: SOFT, ...more });
const box = (x, y, w, h, words, below = '') =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="5" fill="${FILL}" stroke="${LINE}"/>` +
  text(x + w / 2, y + h / 2 + (below ? -3 : 4.5), words, { weight: 600 }) +
  (below ? note(x + w / 2, y + h / 2 + 14, below) : '');
const arrow = (x1, y1, x2, y2) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${SOFT}" stroke-width="1.4" marker-end="url(#head)"/>`;
const frame = (x, y, w, h, colour = MEASURED) =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${colour}" fill-opacity=".08" stroke="${colour}" stroke-dasharray="4 3"/>`;
/** A curve of f(0..1) in -1..1. */
const curve = (x, y, w, h, f, colour = MEASURED, width = 1.8, dash = '') => {
  const steps = Math.max(2, Math.round(w / 2));
  const points = Array.from({ length: steps + 1 }, (_, i) => `${(x + (w * i) / steps).toFixed(1)},${(y + h / 2 - (f(i / steps) * h) / 2).toFixed(1)}`);
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="${width}"${dash && ` stroke-dasharray="${dash}"`}/>`;
};
const dot = (x, y, colour = MEASURED, r = 3.2) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r}" fill="${colour}"/>`;
/** The same noise in every picture. */
const noise = (seed) => {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
};
const wave = (cycles, phase = 0) => (t) => 0.75 * Math.sin(2 * Math.PI * (cycles * t + phase));
/** A rhythm that stumbles between two places. */
const stumble = (cycles, from, to) => (t) => wave(cycles)(t) * (t > from && t < to ? 0.25 : 1) + (t > from && t < to ? 0.35 : 0);

function picture(height, title, ...parts) {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(title)}" ` +
    `font-family="Inter, 'Segoe UI', Helvetica, Arial, sans-serif"><defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
    `<path d="M0 0 8 4 0 8Z" fill="${SOFT}"/></marker></defs><rect width="${WIDTH}" height="${height}" rx="8" fill="#fff"/>${parts.flat(3).join('')}</svg>\n`
  );
}

const scatter = (x, y, w, h, seed = 7, count = 46) => {
  const draw = noise(seed);
  return Array.from({ length: count }, () => {
    const along = draw() + draw() + draw();
    const across = 0.3 * (draw() + draw());
    return [x + w / 2 + w * 0.28 * (along + across), y + h / 2 - h * 0.28 * (along - across)];
  });
};

const pictures = {
  'hreg-vae-lstm': picture(
    250,
    'Windows become codes, an LSTM forecasts the next code, both reconstructions are compared with the measured window',
    curve(24, 26, 712, 60, stumble(12, 0.84, 0.93)),
    [0, 1, 2, 3].map((i) => [frame(24 + 178 * i, 20, 178, 72, i === 3 ? ANOMALY : MEASURED), arrow(113 + 178 * i, 94, 113 + 178 * i, 116), box(53 + 178 * i, 120, 120, 34, `code ${i + 1}`, '')]),
    note(113, 14, 'window of p samples'),
    note(647, 14, 'k windows in a row'),
    [0, 1, 2].map((i) => arrow(173 + 178 * i, 137, 229 + 178 * i, 137)),
    note(201, 129, 'LSTM'), note(379, 129, 'LSTM'), note(557, 129, 'LSTM'),
    arrow(647, 154, 647, 178),
    box(527, 182, 210, 52, 'measured − rebuilt, forecast', 'left over = score, by tag and time'),
    box(24, 182, 250, 52, 'VAE', 'p samples ⇄ Q numbers, smooth by Hreg'),
  ),
  vae: picture(
    190,
    'A window is squeezed into a few numbers and rebuilt; what cannot be rebuilt is the score',
    curve(24, 40, 180, 70, stumble(3, 0.55, 0.8)), frame(24, 34, 180, 82), note(114, 134, 'measured window'),
    arrow(206, 75, 240, 75), box(246, 52, 92, 46, 'encoder'), arrow(340, 75, 364, 75), box(370, 58, 40, 34, 'Q'), arrow(412, 75, 436, 75), box(442, 52, 92, 46, 'decoder'), arrow(536, 75, 566, 75),
    curve(572, 40, 164, 70, stumble(3, 0.55, 0.8), MEASURED, 1.2), curve(572, 40, 164, 70, wave(3), EXPECTED, 2, '5 3'), note(654, 134, 'rebuilt: the rhythm it knows'),
    note(390, 134, 'a few numbers: only what is usual fits through'), text(380, 170, 'score = distance between the two', { colour: ANOMALY, weight: 600 }),
  ),
  'lstm-ad': picture(
    200,
    'An LSTM forecasts the next samples; the forecast errors are compared with those of normal data',
    curve(24, 30, 430, 80, wave(5)), curve(454, 30, 110, 80, (t) => 0.8 * (t < 0.35 ? wave(1.3)(t) : 0.55), ANOMALY), curve(454, 30, 110, 80, wave(1.28), EXPECTED, 2, '5 3'),
    `<line x1="454" y1="22" x2="454" y2="118" stroke="${LINE}"/>`, note(239, 132, 'what was measured: the LSTM reads it step by step'), note(509, 132, 'next l samples'),
    arrow(570, 70, 600, 70), box(606, 42, 130, 56, 'error vector', 'l forecasts × tags'),
    arrow(671, 100, 671, 140), box(560, 144, 176, 44, 'Gaussian of normal errors', 'distance = score'),
  ),
  autoencoder: picture(
    200,
    'All tags of a window go through a narrow layer and back; what does not come back is the score',
    [0, 1, 2].map((i) => curve(24, 34 + 36 * i, 150, 32, stumble(2 + i, 0.55, i === 1 ? 0.8 : 0.55))), frame(24, 28, 150, 116), note(99, 162, 'measured window, all tags'),
    [[196, 120], [276, 84], [356, 40], [436, 84], [516, 120]].map(([x, h], i) => `<rect x="${x}" y="${86 - h / 2}" width="26" height="${h}" rx="4" fill="${FILL}" stroke="${LINE}"/>` + (i < 4 ? arrow(x + 30, 86, x + 76, 86) : '')),
    note(289, 148, '64'), note(369, 126, '16'), note(449, 148, '64'), note(369, 162, 'what holds in normal operation fits through'),
    arrow(546, 86, 574, 86),
    [0, 1, 2].map((i) => [curve(584, 34 + 36 * i, 150, 32, stumble(2 + i, 0.55, i === 1 ? 0.8 : 0.55), i === 1 ? ANOMALY : MEASURED, 1.2), curve(584, 34 + 36 * i, 150, 32, wave(2 + i), EXPECTED, 2, '5 3')]),
    note(659, 162, 'rebuilt (dashed)'), text(380, 188, 'score = root mean square of the difference', { colour: ANOMALY, weight: 600 }),
  ),
  dagmm: picture(
    200,
    'Windows become points: code and quality of the reconstruction; a mixture of Gaussians says how likely a point is',
    curve(24, 40, 130, 64, stumble(3, 0.55, 0.8)), frame(24, 34, 130, 76), note(89, 128, 'measured window'), arrow(158, 72, 186, 72),
    box(192, 46, 120, 52, 'autoencoder', 'one or two numbers'), note(252, 120, '+ how well it is rebuilt'), note(252, 136, '(distance, angle)'), arrow(316, 72, 344, 72),
    [[410, 60, 44, 20, -25], [500, 120, 34, 24, 20], [470, 40, 24, 14, 0]].map(([x, y, rx, ry, turn]) => [1, 0.6].map((part) => `<ellipse cx="${x}" cy="${y}" rx="${rx * part}" ry="${ry * part}" transform="rotate(${turn} ${x} ${y})" fill="${MEASURED}" fill-opacity=".1" stroke="${MEASURED}" stroke-dasharray="4 3"/>`)),
    (() => { const d = noise(3); return [[410, 60], [500, 120], [470, 40]].flatMap(([x, y]) => Array.from({ length: 9 }, () => dot(x + 40 * d(), y + 22 * d(), MEASURED, 2.4))); })(),
    dot(400, 140, ANOMALY, 5), text(400, 162, 'far from every cloud', { colour: ANOMALY }), note(455, 184, 'mixture of Gaussians, learned with the code'),
    arrow(556, 72, 586, 72), box(592, 44, 148, 56, 'energy of the point', 'unlikely = high score'),
  ),
  gdn: picture(
    200,
    'Each tag is forecast from the tags that the learned graph connects it with; the largest deviation is the score',
    (() => {
      const at = [[70, 60], [150, 34], [210, 92], [120, 110], [60, 150], [190, 158]];
      const edges = [[0, 1], [0, 3], [1, 2], [2, 3], [3, 4], [2, 5], [3, 5]];
      return [edges.map(([a, b]) => `<line x1="${at[a][0]}" y1="${at[a][1]}" x2="${at[b][0]}" y2="${at[b][1]}" stroke="${a === 3 || b === 3 ? ANOMALY : LINE}" stroke-width="${a === 3 || b === 3 ? 2 : 1.4}"/>`), at.map(([x, y], i) => dot(x, y, i === 3 ? ANOMALY : MEASURED, 7))];
    })(),
    note(140, 188, 'tags that behave alike are connected'), arrow(236, 96, 276, 96), box(282, 68, 120, 56, 'attention', 'over its neighbours'), arrow(406, 96, 436, 96),
    curve(442, 56, 130, 80, (t) => (t < 0.7 ? wave(2)(t) : 0.75), ANOMALY), curve(442, 56, 130, 80, wave(2), EXPECTED, 2, '5 3'), note(507, 154, 'forecast of the tag (dashed)'),
    arrow(576, 96, 604, 96), box(610, 62, 130, 68, 'error ÷ usual error', 'largest of all tags'),
  ),
  arma: picture(
    190,
    'The next value is forecast from the last values and errors; the surprise in standard deviations is the score',
    curve(24, 36, 520, 84, (t) => 0.5 * wave(4)(t) + 0.25 * wave(11, 0.2)(t) + (t > 0.74 && t < 0.78 ? 0.75 : 0)),
    curve(24, 36, 520, 84, (t) => 0.5 * wave(4)(t - 0.01) + 0.25 * wave(11, 0.2)(t - 0.01), EXPECTED, 1.8, '5 3'),
    `<line x1="419" y1="34" x2="419" y2="122" stroke="${ANOMALY}" stroke-width="1.2"/>`, note(284, 146, 'forecast of each value (dashed) from the last p values and the last q surprises'),
    arrow(552, 78, 590, 78), box(596, 50, 140, 56, 'εₜ / σ', 'surprise = score'), note(419, 26, 'not foreseen'),
  ),
  'mim-gan': picture(
    270,
    'Generator and discriminator are trained against each other; then for each measured window the noise is sought that makes the generator draw it',
    text(24, 24, 'Training, on normal windows', { anchor: 'start', weight: 600 }),
    box(24, 44, 96, 42, 'noise z'), arrow(122, 65, 150, 65), box(156, 44, 116, 42, 'generator G'), arrow(274, 65, 302, 65), curve(308, 44, 120, 42, wave(2.4, 0.1), EXPECTED, 1.8), arrow(432, 65, 470, 65),
    curve(308, 96, 120, 42, wave(2.4)), note(368, 152, 'measured windows'), arrow(432, 117, 476, 88), box(480, 44, 136, 42, 'discriminator D'), arrow(618, 65, 650, 65), text(700, 70, 'real or made?'),
    note(24, 118, 'MIM: D lowers e^(1−D(x)) + e^D(G(z)),', { anchor: 'start' }), note(24, 134, 'G raises it', { anchor: 'start' }),
    `<line x1="24" y1="170" x2="736" y2="170" stroke="${LINE}"/>`,
    text(24, 194, 'Scoring', { anchor: 'start', weight: 600 }),
    curve(24, 206, 120, 48, stumble(2.4, 0.5, 0.8)), arrow(150, 230, 180, 230), box(186, 208, 170, 44, 'seek z: G(z) ≈ window', '25 steps, several starts'), arrow(358, 230, 386, 230),
    curve(392, 206, 120, 48, stumble(2.4, 0.5, 0.8), MEASURED, 1.2), curve(392, 206, 120, 48, wave(2.4), EXPECTED, 2, '5 3'), arrow(518, 230, 546, 230),
    box(552, 200, 184, 58, 'λ·residual + (1−λ)·D', 'mean over covering windows'),
  ),
  ewma: picture(
    210,
    'Forecast errors scatter about 0; their moving average leaves the control limits when they all lean to one side',
    (() => { const d = noise(21); return Array.from({ length: 70 }, (_, i) => dot(28 + 7.2 * i, 62 + 44 * d() - (i > 46 ? 13 : 0), EXPECTED, 2.2)); })(),
    `<line x1="24" y1="62" x2="536" y2="62" stroke="${LINE}"/><line x1="359" y1="16" x2="359" y2="184" stroke="${LINE}" stroke-dasharray="4 3"/>`, note(280, 14, 'forecast errors of one tag, in standard deviations'),
    (() => { const d = noise(21); let z = 0; const points = Array.from({ length: 70 }, (_, i) => { z = 0.9 * z + 0.1 * (44 * d() - (i > 46 ? 13 : 0)); return `${(28 + 7.2 * i).toFixed(1)},${(150 + 3 * z).toFixed(1)}`; }); return `<polyline points="${points.join(' ')}" fill="none" stroke="${MEASURED}" stroke-width="2"/>`; })(),
    [126, 174].map((y) => `<line x1="24" y1="${y}" x2="536" y2="${y}" stroke="${ANOMALY}" stroke-dasharray="5 3"/>`), note(40, 120, 'control limits', { anchor: 'start' }),
    note(280, 200, 'Z = (1 − λ) · Z before + λ · error'), arrow(544, 150, 572, 150), box(578, 122, 160, 56, '|Z| ÷ limit', '1 = at the limit'),
  ),
  cusum: picture(
    210,
    'What the forecast errors exceed an allowance by is added up; a small lasting shift makes the sum climb to the control limit',
    (() => { const d = noise(33); return Array.from({ length: 70 }, (_, i) => dot(28 + 7.2 * i, 54 + 40 * d() - (i > 42 ? 12 : 0), EXPECTED, 2.2)); })(),
    `<line x1="24" y1="54" x2="536" y2="54" stroke="${LINE}"/><line x1="24" y1="46" x2="536" y2="46" stroke="${EXPECTED}" stroke-dasharray="3 3"/><line x1="330" y1="16" x2="330" y2="184" stroke="${LINE}" stroke-dasharray="4 3"/>`, note(280, 14, 'forecast errors of one tag; dotted: the allowance k'),
    (() => { const d = noise(33); let s = 0; const points = Array.from({ length: 70 }, (_, i) => { s = Math.max(0, s - (40 * d() - (i > 42 ? 12 : 0)) - 8); return `${(28 + 7.2 * i).toFixed(1)},${(184 - 0.62 * s).toFixed(1)}`; }); return `<polyline points="${points.join(' ')}" fill="none" stroke="${MEASURED}" stroke-width="2"/>`; })(),
    `<line x1="24" y1="138" x2="536" y2="138" stroke="${ANOMALY}" stroke-dasharray="5 3"/><line x1="24" y1="184" x2="536" y2="184" stroke="${LINE}"/>`, note(40, 132, 'control limit h', { anchor: 'start' }),
    note(280, 203, 'S = max(0, S before + error − k), and the same downwards'), arrow(544, 150, 572, 150), box(578, 122, 160, 56, 'S ÷ limit', '1 = at the limit'),
  ),
  'one-liner': picture(
    160,
    'Four lines of arithmetic: distance from the mean, range and spread of the last rows, change since the row before',
    curve(24, 26, 440, 100, (t) => 0.35 * wave(7)(t) + 0.1 * wave(29)(t) + (t > 0.7 && t < 0.73 ? 0.7 : 0)), frame(290, 24, 56, 104, ANOMALY), note(318, 144, 'last rows'),
    `<line x1="24" y1="76" x2="464" y2="76" stroke="${EXPECTED}" stroke-dasharray="5 3"/>`, note(40, 144, 'mean', { anchor: 'start' }), arrow(472, 76, 500, 76),
    box(508, 24, 228, 104, ''), text(622, 48, '|x|', { weight: 600 }), text(622, 70, 'max − min', { weight: 600 }), text(622, 92, 'standard deviation', { weight: 600 }), text(622, 114, '|x − x before|', { weight: 600 }),
    note(622, 144, 'one of the four = score'),
  ),
  'robust-z': picture(
    160,
    'Distance of each value from the median in robust standard deviations',
    curve(24, 30, 560, 96, (t) => 0.3 * wave(9)(t) + 0.12 * wave(31)(t) + (t > 0.7 && t < 0.715 ? 0.8 : 0)),
    `<rect x="24" y="62" width="560" height="32" fill="${MEASURED}" fill-opacity=".1"/><line x1="24" y1="78" x2="584" y2="78" stroke="${EXPECTED}" stroke-dasharray="5 3"/>`,
    note(24, 148, 'median and usual spread of the train part', { anchor: 'start' }), dot(24 + 560 * 0.708, 39, ANOMALY, 4), arrow(596, 60, 620, 60), box(624, 34, 116, 54, '|x − median|', '÷ robust σ'),
  ),
  knn: picture(
    200,
    'A window is compared with remembered normal windows; the distance to the k-th nearest is the score',
    scatter(40, 20, 420, 160).map(([x, y]) => dot(x, y)), dot(330, 130, ANOMALY, 5), `<circle cx="330" cy="130" r="58" fill="none" stroke="${ANOMALY}" stroke-dasharray="4 3"/>`,
    note(250, 16, 'remembered normal windows, each a point'), text(398, 160, 'new window', { colour: ANOMALY, anchor: 'start' }),
    box(540, 70, 196, 56, 'radius to the k-th', 'nearest neighbour = score'),
  ),
  lof: picture(
    200,
    'The density around a window is compared with the density around its neighbours',
    scatter(10, 34, 250, 140, 11, 40).map(([x, y]) => dot(x, y)), scatter(190, -10, 330, 220, 5, 18).map(([x, y]) => dot(x + 40, y, MEASURED, 3)),
    dot(222, 62, ANOMALY, 5), `<circle cx="222" cy="62" r="40" fill="none" stroke="${ANOMALY}" stroke-dasharray="4 3"/><circle cx="136" cy="104" r="17" fill="none" stroke="${MEASURED}" stroke-dasharray="4 3"/>`,
    note(270, 190, 'dense and thin regions may both be normal'), box(540, 66, 196, 62, 'density of neighbours', '÷ own density = score'),
  ),
  'feature-bagging': picture(
    200,
    'The same windows are judged in several random subsets of their values; the answers are joined',
    [0, 1, 2, 3, 4, 5].map((i) => curve(24, 20 + 27 * i, 130, 22, i === 3 ? stumble(3, 0.55, 0.85) : wave(2 + i / 2, i / 7), i === 3 ? ANOMALY : MEASURED, 1.5)),
    note(89, 192, 'values of a window'),
    [[0, 1, 3, 5], [1, 2, 4], [0, 2, 3, 4, 5]].map((subset, e) => [
      arrow(166, 100, 204, 34 + 66 * e), `<rect x="212" y="${8 + 66 * e}" width="70" height="52" rx="5" fill="${FILL}" stroke="${LINE}"/>`,
      subset.map((i) => curve(220, 11 + 66 * e + 7.6 * i, 54, 8, i === 3 ? stumble(3, 0.55, 0.85) : wave(2 + i / 2, i / 7), i === 3 ? ANOMALY : MEASURED, 1.2)),
      arrow(288, 34 + 66 * e, 318, 34 + 66 * e), box(324, 11 + 66 * e, 150, 46, 'LOF', 'in its own spread'), arrow(480, 34 + 66 * e, 548, 100),
    ]),
    box(556, 70, 180, 60, 'mean or maximum', 'of the answers = score'),
  ),
  'matrix-profile': picture(
    210,
    'Each stretch of the signal is compared, by its shape alone, with all stretches of the training part; the distance to the most similar is the score',
    curve(24, 24, 420, 64, (t) => wave(7)(t) * (0.6 + 0.4 * t) + 0.3 * t - 0.2), note(234, 14, 'training part'), frame(204, 18, 60, 76),
    curve(24, 124, 420, 64, (t) => (t > 0.7 && t < 0.843 ? 0.5 * wave(21, 0.1)(t) : wave(7)(t) * 0.7)), note(234, 204, 'new data'), frame(84, 118, 60, 76), frame(318, 118, 60, 76, ANOMALY),
    arrow(124, 116, 214, 96), arrow(330, 116, 254, 96), note(136, 110, 'near', { anchor: 'end' }), text(312, 108, 'far', { colour: ANOMALY, anchor: 'start' }),
    box(500, 34, 100, 46, 'mean 0', 'spread 1'), arrow(550, 82, 550, 112), arrow(450, 57, 496, 57), arrow(450, 156, 496, 140), box(500, 116, 236, 56, 'distance to the most similar', 'by shape alone = score'),
  ),
  'oc-svm': picture(
    200,
    'A smooth boundary around the normal windows is held by the few at its edge; the score is the distance outwards',
    `<path d="M76 132 C84 84 160 112 196 84 C232 56 300 16 356 32 C428 52 412 118 348 128 C284 138 252 124 214 152 C166 188 66 184 76 132Z" fill="${MEASURED}" fill-opacity=".08" stroke="${MEASURED}" stroke-width="1.6"/>`,
    [[128, 138], [146, 150], [112, 150], [160, 134], [134, 160], [176, 140], [150, 122], [182, 124], [320, 66], [344, 82], [366, 62], [300, 84], [338, 54], [372, 92], [328, 102], [292, 104], [276, 78], [232, 110], [252, 96], [212, 118]].map(([x, y]) => dot(x, y)),
    [[76, 132], [196, 84], [356, 32], [348, 128], [214, 152], [118, 173], [408, 84]].map(([x, y]) => [dot(x, y), `<circle cx="${x}" cy="${y}" r="7" fill="none" stroke="${INK}" stroke-width="1.2"/>`]),
    note(150, 30, 'circled: support vectors hold the boundary'), dot(466, 150, ANOMALY, 5), `<line x1="462" y1="147" x2="382" y2="112" stroke="${ANOMALY}" stroke-dasharray="4 3"/>`,
    text(466, 174, 'new window', { colour: ANOMALY }), box(560, 66, 176, 62, 'distance outwards', 'over all support vectors = score'),
  ),
  cva: picture(
    210,
    'Combinations of the last rows that foresee the next ones are the states; both they and what they leave over are watched',
    [0, 1, 2].map((i) => curve(24, 22 + 38 * i, 330, 32, (t) => 0.9 * wave(3.2, 0.18 * i)(t), i === 2 ? EXPECTED : MEASURED)), frame(114, 16, 120, 122), frame(234, 16, 120, 122, EXPECTED),
    note(174, 154, 'past p rows'), note(294, 154, 'future, while learning'), `<line x1="234" y1="10" x2="234" y2="144" stroke="${INK}" stroke-width="1.2"/>`,
    arrow(360, 76, 396, 76), box(402, 50, 128, 52, 'canonical variates', 'past ↔ future'),
    arrow(532, 66, 566, 46), box(572, 22, 164, 44, 'k states', 'tell the future: T²'), arrow(532, 86, 566, 110), box(572, 88, 164, 44, 'what they leave', 'T² and Q'),
    text(654, 166, 'over their limits = score', { weight: 600, colour: ANOMALY }), arrow(654, 134, 654, 150),
  ),
  pca: picture(
    200,
    'Normal windows lie near a plane of a few directions; distance from it is Q, distance inside it is T squared',
    scatter(40, 20, 420, 160).map(([x, y]) => dot(x, y)), `<line x1="90" y1="180" x2="420" y2="30" stroke="${EXPECTED}" stroke-width="2"/>`,
    dot(300, 150, ANOMALY, 5), `<line x1="300" y1="150" x2="262" y2="102" stroke="${ANOMALY}"/>`, text(292, 116, 'Q', { colour: ANOMALY, anchor: 'start', weight: 600 }),
    dot(410, 36, ANOMALY, 5), text(424, 34, 'T²', { colour: ANOMALY, anchor: 'start', weight: 600 }), note(150, 30, 'main directions of normal'),
    box(540, 60, 196, 72, 'Q: unusual combination', 'T²: usual, but too far'),
  ),
  'isolation-forest': picture(
    200,
    'Random cuts set an outlying row apart after a few steps; a row in the crowd needs many',
    scatter(40, 30, 300, 150).map(([x, y]) => dot(x, y)), dot(430, 46, ANOMALY, 5),
    [[384, 20, 384, 184], [200, 20, 200, 184], [40, 112, 384, 112], [262, 20, 262, 184]].map(
      ([x1, y1, x2, y2], i) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${i < 1 ? ANOMALY : EXPECTED}" stroke-dasharray="5 3"/>`,
    ),
    text(430, 98, 'alone after one cut', { colour: ANOMALY }), note(200, 16, 'cuts at random'),
    box(540, 66, 196, 62, 'usual cuts ÷ own cuts', 'mean over trees = score'),
  ),
  'whitened-windows': picture(
    200,
    'Usual directions are divided out, so that every unusual direction counts alike',
    scatter(24, 20, 300, 160).map(([x, y]) => dot(x, y)), dot(214, 146, ANOMALY, 5), note(174, 16, 'normal windows'), arrow(330, 100, 380, 100), note(355, 90, 'whiten'),
    (() => { const d = noise(9); return Array.from({ length: 46 }, () => [480 + 44 * (d() + d() + d()), 100 + 44 * (d() + d() + d())]).map(([x, y]) => dot(x, y)); })(),
    dot(560, 166, ANOMALY, 5), `<line x1="480" y1="100" x2="560" y2="166" stroke="${ANOMALY}"/>`, note(480, 16, 'every direction has spread 1'), box(610, 70, 130, 60, 'distance', '= score'),
  ),
};
pictures['mad-gan'] = pictures['mim-gan']
  .replace('MIM: D lowers e^(1−D(x)) + e^D(G(z)),', 'Cross-entropy: D tells real from made,')
  .replace('G raises it', 'G makes D take its windows for real');

const folder = dirname(fileURLToPath(import.meta.url));
for (const [name, svg] of Object.entries(pictures)) writeFileSync(join(folder, `${name}.svg`), svg);
