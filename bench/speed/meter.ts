/** What some work took: time of all threads of this process, and time on the clock. */
export interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** Starts counting; what it returns gives the cost since then. */
export function meter(): () => Cost {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  return () => {
    const wallMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMs: (user + system) / 1000, wallMs };
  };
}

/** @returns the cost of one of `count` equal pieces. */
export function perPiece({ cpuMs, wallMs }: Cost, count: number): Cost {
  return { cpuMs: cpuMs / count, wallMs: wallMs / count };
}
