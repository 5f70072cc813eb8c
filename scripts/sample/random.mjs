/** A small seeded generator (Mulberry32 by Tommy Ettinger); one stream a name, so that a change of one tag leaves the others alone. */
export function stream(seed, name) {
  let state = seed >>> 0;
  for (const char of name) state = Math.imul(state ^ char.codePointAt(0), 0x9e3779b1) >>> 0;
  let spare = null;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  /** Standard normal (Box and Muller). */
  const normal = () => {
    if (spare !== null) {
      const held = spare;
      spare = null;
      return held;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { next, normal, between: (low, high) => low + (high - low) * next() };
}

/** Slowly wandering value with unit spread: x ← φx + √(1−φ²)·n, remembered over `steps` samples. */
export function wander(random, steps) {
  const phi = Math.exp(-1 / steps);
  const fresh = Math.sqrt(1 - phi * phi);
  let x = random.normal();
  return () => (x = phi * x + fresh * random.normal());
}
