import type { Task, TaskContext } from '../protocol';
import { evaluateRun, mapContract, suggestThreshold } from './calibrate';
import { compareRuns } from './compare';
import { driftOfRun } from './drift';
import { engineStatus } from './engine';
import { combineRuns } from './ensemble';
import { estimateTraining } from './estimate';
import { evaluateFiles } from './evaluate';
import { exportScores } from './export-scores';
import { previewFeedback } from './feedback';
import { hashFile, importData, previewData } from './import';
import { showInsight } from './insight';
import { runMetrics } from './metrics';
import { planTraining, proposeTraining } from './plan';
import { refereeRun } from './referee';
import { pdfReport } from './report';
import { scoreDataset } from './score';
import { sweep } from './sweep';
import { fingerprintTraining, trainAndScore } from './train';

/** Everything the compute process can do, one function a task; input and result are structured-clone data. */
const tasks = {
  'engine.status': engineStatus,
  'import.preview': previewData,
  'import.hash': hashFile,
  'import.run': importData,
  'training.propose': proposeTraining,
  'training.plan': planTraining,
  'training.estimate': estimateTraining,
  'training.fingerprint': fingerprintTraining,
  'training.run': trainAndScore,
  'scoring.run': scoreDataset,
  'sweep.run': sweep,
  'calibration.suggest': suggestThreshold,
  'calibration.contract': mapContract,
  'calibration.feedback': previewFeedback,
  'run.evaluate': evaluateRun,
  'run.insight': showInsight,
  'run.referee': refereeRun,
  'run.drift': driftOfRun,
  'run.metrics': runMetrics,
  'evaluation.run': evaluateFiles,
  'scores.export': exportScores,
  'compare.run': compareRuns,
  'ensemble.combine': combineRuns,
  'report.pdf': pdfReport,
} as const;

export type TaskName = keyof typeof tasks;
export type TaskInput<T extends TaskName> = Parameters<(typeof tasks)[T]>[0];
export type TaskResult<T extends TaskName> = Awaited<ReturnType<(typeof tasks)[T]>>;

/** Runs a task by its name, as it comes over the channel. */
export function runTask(name: string, input: unknown, context: TaskContext): Promise<unknown> {
  if (!Object.hasOwn(tasks, name)) throw new Error(`Unknown task ${name}`);
  // Name and input were paired by the client's types before they crossed the channel.
  return (tasks[name as TaskName] as Task<unknown, unknown>)(input, context);
}
