import { quantile } from '../../src/core/detectors/shared/windows';
import { aucRoc } from '../../src/core/metrics/rank';
import { mean } from '../markdown';
import { compete, contestant, wantedOf, type Contest, type Contestant } from './contest';
import { eventF1, judge } from './judged';
import { classics, joined, networks, shapes, type Cell, type OpenPrizeEntry } from './open-prize-design';
import { openPrizePage } from './open-prize-page';
import { faultKinds, openPrizePlant, type Fault, type FaultKind, type OpenPrizePlant } from './open-prize-plant';
import type { PaperSuite } from './suite';

/** Windows that are remembered, for all alike: 20,000 of 480 values would take minutes. */
const MEMORY = 10_000;
const quickSteps = { vaeSteps: 100, lstmSteps: 50, steps: 100 };

function contestants(window: number, span: number, quick: boolean): Contestant[] {
  const given: Readonly<Record<string, number>> = { memory: MEMORY, ...(quick && quickSteps) };
  return [...networks, ...classics].flatMap((id) =>
    contestant(id, id, window, span).map((one) => ({
      ...one,
      params: Object.fromEntries(Object.entries(one.params).map(([name, value]) => [name, given[name] ?? value])),
    })),
  );
}

/** Whether a network is ahead of neighbours and whitened windows, where the rows are many, the horizon is long, or the plant drifts. */
export const openPrize: PaperSuite<readonly OpenPrizeEntry[]> = {
  name: 'open-prize',
  folder: '',
  async run({ seeds, quick, only, engine, log }, before, save) {
    let entries = before ?? [];
    for (const seed of seeds) {
      for (const { rows, window, span } of quick ? shapes.slice(0, 1) : shapes) {
        const plant = openPrizePlant(seed, rows);
        const keep = (id: string, contest: Contest): void => {
          const made = plant.test.segments.map((_, part) => ({
            ...{ contestant: id, seed, rows, window, drift: part === 1 },
            ...figures(contest, plant, part, span),
          }));
          entries = [...entries.filter((known) => !made.some((entry) => sameRun(known, entry))), ...made];
          for (const entry of made) log(lineOf(entry));
        };
        const contests = new Map<string, Contest>();
        for (const one of contestants(window, span, quick).filter(wantedOf(only))) {
          const contest = await compete(one, plant.train, plant.test, seed, engine);
          if (!contest) throw new Error(`${one.id} finds ${rows} rows too few.`);
          contests.set(one.id, contest);
          keep(one.id, contest);
        }
        const [flagship, forecaster] = [contests.get('hreg-vae-lstm'), contests.get('lstm-ad')];
        if (flagship && forecaster) keep(joined, join(flagship, forecaster));
      }
      save(entries);
    }
    return entries;
  },
  page: openPrizePage,
  /** Nothing is promised: the chapter says who is ahead. */
  gates: () => [],
  gateRule: [],
};

const limitOf = (normalScores: Float32Array): number => quantile(normalScores, 0.99);

/** Root mean square of both scores, each over its limit: 1 is the limit of the joined score. */
function join(a: Contest, b: Contest): Contest {
  const [overA, overB] = [limitOf(a.normalScores), limitOf(b.normalScores)];
  return {
    score: a.score.map((value, i) => Math.sqrt(((value / overA) ** 2 + (b.score[i]! / overB) ** 2) / 2)),
    normalScores: Float32Array.of(1),
    fitSeconds: a.fitSeconds + b.fitSeconds,
    scoreSeconds: a.scoreSeconds + b.scoreSeconds,
  };
}

type Figures = Omit<OpenPrizeEntry, 'contestant' | 'seed' | keyof Cell>;

/** Of one of the two parts of the test. */
function figures(contest: Contest, { test, faults }: OpenPrizePlant, part: number, span: number): Figures {
  const { score, normalScores, fitSeconds, scoreSeconds } = contest;
  const { start, end } = test.segments[part]!;
  const inside = (row: number): boolean => row >= start && row < end;
  const own = faults.filter((fault) => inside(fault.start));
  const { vusPr, auc, rules } = judge(score, inside, own, span, normalScores);
  const limit = limitOf(normalScores);
  const normal = Array.from(score.subarray(start, end)).filter(
    (value, i) => Number.isFinite(value) && !own.some((fault) => covers(fault, start + i, span)),
  );
  return {
    ...{ vusPr, auc, eventF1: eventF1(rules.q99), found: rules.q99!.hits, falseEpisodes: rules.q99!.falseEpisodes },
    falseAlarms: mean(normal.map((value) => (value > limit ? 1 : 0))),
    kinds: byKind(score.subarray(start, end), own, start, span),
    ...{ fitSeconds, scoreSeconds },
  };
}

/** Whether the score of a row covers a row of the fault. */
function covers({ start, end }: Fault, row: number, span: number): boolean {
  return row >= start && row < end + span - 1;
}

/** @param score - of one segment, whose first row is `from`. */
function byKind(score: Float32Array, faults: readonly Fault[], from: number, span: number): OpenPrizeEntry['kinds'] {
  return Object.fromEntries(
    faultKinds.map((kind) => {
      const kept = Array.from(score.keys()).filter((i) => {
        const fault = faults.find((one) => covers(one, from + i, span));
        return Number.isFinite(score[i]!) && (!fault || fault.kind === kind);
      });
      const truth = Uint8Array.from(kept, (i) => (faults.some((one) => covers(one, from + i, span)) ? 1 : 0));
      return [kind, aucRoc({ score: Float32Array.from(kept, (i) => score[i]!), truth })!];
    }),
  ) as Record<FaultKind, number>;
}

function sameRun(a: OpenPrizeEntry, b: OpenPrizeEntry): boolean {
  return (['contestant', 'seed', 'rows', 'window', 'drift'] as const).every((key) => a[key] === b[key]);
}

function lineOf({ contestant: id, seed, rows, window, drift, vusPr, auc, eventF1: events, ...rest }: OpenPrizeEntry): string {
  return (
    `${rows} rows, window ${window}${drift ? ', drift' : ''}, ${id} plant ${seed}: VUS-PR ${vusPr.toFixed(3)}, AUC ${auc.toFixed(3)}, event F1 ${events.toFixed(3)}, ` +
    `found ${rest.found}, false ${rest.falseEpisodes}; ${rest.fitSeconds.toFixed(1)} s fit, ${rest.scoreSeconds.toFixed(1)} s scoring`
  );
}
