import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, sep } from 'node:path';
import type { SelfTestResult } from '../../contract/types';
import type { Backend, EngineInfo, TensorFlow } from '../../core/detectors/detector';
import { FaultlineError } from '../../core/errors';
import { registerFusedLstm } from './fused-lstm';
import { registerFusedVae } from './fused-vae';
import { registerMlp } from './native-mlp';
import { selfTest } from './self-test';
import { registerSharedTensors } from './shared-tensors';

const backends: readonly Backend[] = ['tensorflow', 'wasm', 'cpu'];

export interface LoadedEngine {
  readonly tf: TensorFlow;
  readonly info: EngineInfo;
  readonly selfTest: readonly SelfTestResult[];
  /** For `RunContext.fusedLstm`: the native engine is in use and its fused LSTM passed the self-test. */
  readonly fusedLstm: boolean;
}

const load = createRequire(import.meta.url);

/**
 * The best tensor engine of this machine that passes the self-test: native TensorFlow, then WebAssembly, then plain JavaScript.
 * Why a better one was not used is in `info.reason`.
 *
 * @param options - `force` (or the variable FAULTLINE_ENGINE) tries one engine only.
 * @throws FaultlineError 'engine/unavailable' with the reason of each engine that was tried.
 */
export async function loadEngine(options: { readonly force?: Backend } = {}): Promise<LoadedEngine> {
  const force = options.force ?? forcedByEnvironment();
  const refused: string[] = [];
  for (const backend of force ? [force] : backends) {
    try {
      const tf = await starters[backend]();
      const results = selfTest(tf, backend);
      const failed = results.filter((result) => !result.passed);
      if (failed.length === 0) {
        const reason = [...(force ? [`${backend} was asked for`] : refused), provided[backend]].join('; ');
        return { tf, selfTest: results, fusedLstm: backend === 'tensorflow', info: describe(tf, backend, reason) };
      }
      refused.push(`${backend}: self-test failed (${failed.map((result) => `${result.name}: ${result.detail}`).join(', ')})`);
    } catch (error) {
      refused.push(`${backend}: ${firstLine(error)}`);
    }
  }
  throw new FaultlineError(
    'engine/unavailable',
    `No tensor engine works on this machine. ${refused.join('; ')}. Run the setup again.`,
    {
      refused,
    },
  );
}

const provided: Readonly<Record<Backend, string>> = {
  tensorflow: 'native TensorFlow through tfjs-node',
  wasm: 'WebAssembly build of TensorFlow.js',
  cpu: 'plain JavaScript build of TensorFlow.js',
};

const starters: Readonly<Record<Backend, () => Promise<TensorFlow>>> = {
  tensorflow: async () => {
    prepareNativeLoad();
    const tf = load('@tensorflow/tfjs-node') as TensorFlow;
    await useBackend(tf, 'tensorflow');
    registerSharedTensors(tf);
    registerMlp(tf);
    registerFusedVae(tf);
    registerFusedLstm(tf, load('@tensorflow/tfjs-node/dist/int64_tensors'));
    return tf;
  },
  wasm: async () => {
    const tf = load('@tensorflow/tfjs') as TensorFlow;
    const wasm = load('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void };
    wasm.setWasmPaths(join(dirname(load.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist') + sep);
    await useBackend(tf, 'wasm');
    return tf;
  },
  cpu: async () => {
    const tf = load('@tensorflow/tfjs') as TensorFlow;
    await useBackend(tf, 'cpu');
    return tf;
  },
};

async function useBackend(tf: TensorFlow, backend: Backend): Promise<void> {
  // Production mode: no advertisement for another backend on the standard streams.
  tf.enableProdMode();
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} did not start`);
  await tf.ready();
}

/** What tfjs-node 4.22 needs of a newer Node, and what the library reads only once; must happen before it is first loaded. */
function prepareNativeLoad(): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // The products of these networks are too small to be shared out: with two threads a training takes longer, by the clock too
  // (docs/decisions/0018-one-thread.md), and results would depend on the number of cores.
  process.env['TF_NUM_INTRAOP_THREADS'] ??= '1';
  // Removed in Node 23 or warned about, still called by tfjs-node 4.22.
  const util = load('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}

function describe(tf: TensorFlow, backend: Backend, reason: string): EngineInfo {
  const library = `tfjs ${tf.version['tfjs-core']}`;
  if (backend !== 'tensorflow') return { backend, version: library, threads: 1, reason };
  const { binding } = tf.backend() as unknown as { binding: { TF_Version?: string } };
  const asked = Number(process.env['TF_NUM_INTRAOP_THREADS']);
  // 0 and what is no number mean one for each core to the library.
  const threads = Number.isInteger(asked) && asked > 0 ? asked : availableParallelism();
  return { backend, version: `${library}, libtensorflow ${binding.TF_Version ?? 'unknown'}`, threads, reason };
}

function forcedByEnvironment(): Backend | undefined {
  const asked = process.env['FAULTLINE_ENGINE'];
  if (!asked) return undefined;
  const backend = backends.find((name) => name === asked);
  if (!backend)
    throw new FaultlineError('engine/unavailable', `FAULTLINE_ENGINE is "${asked}"; choose one of ${backends.join(', ')}.`);
  return backend;
}

/** First line of an error without the folders of this machine, for screens and reports. */
function firstLine(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line!.replace(/(?:[A-Za-z]:)?[\\/]\S*[\\/]/g, '').replace(/[\s.]+$/, '');
}
