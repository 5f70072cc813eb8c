import type { EpochRecord, RunContext, TensorFlow } from '../detectors/detector';
import { packState, readState, type StoredState } from './checkpoint';
import { stageNumbers, trainStage, type Stage, type StageState } from './stage';
import type { WeightSet } from './weights';

/** Of the optimisers there are, none keeps more; a stored state cannot ask for more memory. */
const MOST_SLOTS = 2;

/** One network of a detector and how it is trained, in its turn. */
export interface NetworkPlan {
  /** Also the stage's name. */
  readonly name: string;
  readonly steps: number;
  /** Filled with initial values when its turn comes, trained in place. */
  readonly weights: WeightSet;
  initialise(): void;
  /** Called in its turn, when the networks before it are trained; what it returns is trained. */
  stage(): Stage | Promise<Stage>;
}

/**
 * Trains networks one after the other, with one curve and one checkpoint: a state holds the stage that runs and the finished weights
 * of the stages before it. Goes on from `run.resumeFrom` bit-equal.
 *
 * @param fingerprint - of rows and parameters (`fingerprintOf`). @returns the training curve; the weights are in the plans.
 * @throws FaultlineError 'training/data-changed' for a state of other rows or parameters; 'training/not-finite' from a stage.
 */
export async function trainInTurn(
  tf: TensorFlow,
  plans: readonly NetworkPlan[],
  fingerprint: string,
  run: RunContext,
): Promise<readonly EpochRecord[]> {
  const resume = run.resumeFrom && readState(run.resumeFrom, fingerprint);
  const from = resume
    ? Math.max(
        0,
        plans.findIndex((plan) => plan.name === resume.stage),
      )
    : 0;
  const restored = resume && readArrays(resume, plans, from);
  const history: EpochRecord[] = resume ? [...resume.history] : [];
  const stepsInAll = plans.reduce((sum, plan) => sum + plan.steps, 0);
  let stepsBefore = 0;
  for (const [i, plan] of plans.entries()) {
    const before = plans.slice(0, i);
    if (restored && i < from) {
      plan.weights.flat.set(restored.finished[i]!);
    } else {
      plan.initialise();
      const stage = await plan.stage();
      const done = stepsBefore;
      const save = run.saveCheckpoint;
      await trainStage(tf, stage, plan.weights, run, {
        ...{ history, stepsBefore, stepsInAll },
        ...(restored && i === from && { resume: restored.state }),
        ...(save && {
          save: (state: StageState) =>
            save(
              packState(
                {
                  step: done + state.step,
                  stage: plan.name,
                  numbers: stageNumbers(state),
                  arrays: arraysOf(state, before),
                  history,
                },
                fingerprint,
              ),
            ),
        }),
      });
    }
    stepsBefore += plan.steps;
  }
  return history;
}

function arraysOf(state: StageState, before: readonly NetworkPlan[]) {
  const named = (name: string, values: Float32Array) => ({ name, shape: [values.length], values });
  return [
    named('weights', state.weights),
    named('best', state.best),
    ...state.slots.map((slot, i) => named(`slot ${i}`, slot)),
    ...before.map(({ name, weights }) => named(name, weights.flat)),
  ];
}

function readArrays(stored: StoredState, plans: readonly NetworkPlan[], from: number) {
  const size = plans[from]!.weights.flat.length;
  const before = plans.slice(0, from);
  const slots = Array.from({ length: Math.min(MOST_SLOTS, stored.number('slots')) }, (_, i) => `slot ${i}`);
  const arrays = stored.arrays([
    ...['weights', 'best', ...slots].map((name) => ({ name, shape: [size] })),
    ...before.map(({ name, weights }) => ({ name, shape: [weights.flat.length] })),
  ]);
  const state: StageState = {
    ...{ step: stored.number('step'), optimiserStep: stored.number('optimiserStep') },
    ...{ rateFactor: stored.number('rateFactor'), retreats: stored.number('retreats') },
    ...{ bestLoss: stored.numberOrNull('bestLoss'), sinceBest: stored.number('sinceBest') },
    ...{ weights: arrays.get('weights')!, best: arrays.get('best')!, slots: slots.map((name) => arrays.get(name)!) },
  };
  return { state, finished: before.map(({ name }) => arrays.get(name)!) };
}
