import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GrowthPoint } from './page-growth';
import { growthMethods, growthSweeps, type Axis } from './plan-growth';
import { plantRows } from './series';
import { startSide } from './side';

const here = dirname(fileURLToPath(import.meta.url));
/** A sweep ends with the first point that takes longer. */
const MOST_MS = 1000;

/** Trains and scores with each method at growing numbers of rows, tags and samples of a window; ours alone. */
export async function measureGrowth(folder: string, quick: boolean): Promise<GrowthPoint[]> {
  const points: GrowthPoint[] = [];
  for (const { id, params } of growthMethods) {
    const side = await startSide(process.execPath, [join(here, 'ours.mjs')]);
    try {
      for (const [axis, { values, shape }] of Object.entries(growthSweeps)) {
        for (const value of quick ? values.slice(0, 1) : values) {
          const at = { ...shape, ...params, [axis]: value } as typeof shape;
          const data = join(folder, 'rows.f32');
          const rows = plantRows(2 * (at.rows + at.window - 1), at.channels);
          writeFileSync(data, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
          const { cpuMs } = await side.ask({ job: id, shape: at, pieces: 1, data });
          points.push({ method: id, axis: axis as Axis, value, cpuMs });
          console.log(JSON.stringify(points.at(-1)));
          if (cpuMs > MOST_MS) break;
        }
      }
    } finally {
      side.close();
    }
  }
  return points;
}
