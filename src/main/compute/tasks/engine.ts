import { version as duckdbVersion } from '@duckdb/node-api';
import type { RunContext } from '../../../core/detectors/detector';
import type { Random } from '../../../core/random';
import type { EngineStatus } from '../../../contract/types';
import type { TaskContext } from '../protocol';
import { loadEngine, type LoadedEngine } from '../tensorflow';

/** Loads the engine and tests it; `duckdb` is the version of the library that reads files, which loading it proves to work. */
export async function engineStatus(
  _input: Readonly<Record<string, never>>,
): Promise<{ readonly engine: EngineStatus; readonly duckdb: string }> {
  const { info, selfTest, fusedLstm } = await loadEngine();
  return { engine: { ...info, selfTest, fusedLstm }, duckdb: duckdbVersion() };
}

/** The run context of a detector inside a task; checkpoints are added by the training task. */
export function runContext(engine: LoadedEngine, random: Random, context: TaskContext): RunContext {
  return {
    random,
    tensorflow: () => Promise.resolve(engine.tf),
    fusedLstm: engine.fusedLstm,
    report: context.report,
    checkpoint: context.checkpoint,
    crew: context.crew,
  };
}

/** Versions that a result depends on. */
export function versionsOf(engine: LoadedEngine): Record<string, string> {
  return { node: process.versions.node, engine: engine.info.version };
}
