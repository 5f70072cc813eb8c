import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  cpSync,
  mkdtempSync,
  readdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheDir, quiet, root, say, setStamp, sha256, stampIs } from './shell.mjs';

const tfjsNode = join(root, 'node_modules/@tensorflow/tfjs-node');
const addon = join(tfjsNode, 'lib/napi-v8/tfjs_binding.node');
const requirements = join(root, 'scripts/setup/tensorflow-requirements.txt');
const stamp = join(root, 'node_modules/.cache/faultline/engine');

// Node 23 removed two functions of `util` that tfjs-node 4.22 still calls.
const probe = `
const util = require('node:util');
util.isNullOrUndefined ??= (v) => v === null || v === undefined;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node');
const y = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0];
if (tf.getBackend() !== 'tensorflow' || y !== 11) throw new Error('wrong product ' + y);
`;

/** Empty when the native engine loads and multiplies; otherwise the first line of why not. */
function loadFailure(node) {
  if (!existsSync(addon)) return 'not installed yet';
  const result = quiet(node, ['-e', probe], { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' } });
  return result.code === 0 ? '' : (/^\w*Error: .*$/m.exec(result.error)?.[0] ?? 'the addon does not load');
}

/** The package's own way, for every platform that has a published binary. */
function official(node) {
  const result = quiet(node, ['scripts/install.js'], { cwd: tfjsNode, timeout: 900_000 });
  if (result.code !== 0) throw new Error(`its install script: ${reason(result)}`);
}

/** Linux x64: the libraries out of the TensorFlow package of PyPI, and the addon compiled against Node-API. */
function fromPyPI() {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('only known for Linux on x64');
  const store = join(cacheDir, `engine-${sha256(readFileSync(requirements)).slice(0, 16)}`);
  if (!existsSync(store)) {
    mkdirSync(cacheDir, { recursive: true });
    const work = mkdtempSync(join(cacheDir, 'engine-new-'));
    try {
      download(work);
      extract(work);
      compile(work);
      renameSync(work, store);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  mkdirSync(join(tfjsNode, 'deps'), { recursive: true });
  mkdirSync(join(tfjsNode, 'lib/napi-v8'), { recursive: true });
  const libraries = join(tfjsNode, 'deps/lib');
  if (lstatSync(libraries, { throwIfNoEntry: false })) rmSync(libraries, { recursive: true });
  symlinkSync(join(store, 'lib'), libraries);
  cpSync(join(store, 'tfjs_binding.node'), addon);
}

function download(work) {
  say('fetching TensorFlow 2.15.1 from PyPI (207 MB, once on this computer)');
  const args = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
  ];
  const target = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--platform', 'manylinux2014_x86_64'];
  must('python3', [...args, ...target, '-d', work, '-r', requirements], 'pip');
}

function extract(work) {
  say('unpacking its libraries and headers');
  const script = `
import sys, zipfile, glob
wheel = glob.glob(sys.argv[1] + '/*.whl')[0]
headers = ('tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/')
take = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2', *('tensorflow/include/' + h for h in headers))
with zipfile.ZipFile(wheel) as z:
    z.extractall(sys.argv[1], [n for n in z.namelist() if n.startswith(take)])
`;
  must('python3', ['-c', script, work], 'unpacking');
  mkdirSync(join(work, 'lib'));
  for (const [file, link] of [
    ['libtensorflow_cc.so.2', 'libtensorflow.so'],
    ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
  ]) {
    renameSync(join(work, 'tensorflow', file), join(work, 'lib', file));
    symlinkSync(file, join(work, 'lib', link));
  }
  for (const name of readdirSync(work)) if (name.endsWith('.whl')) rmSync(join(work, name));
}

function compile(work) {
  say('compiling the TensorFlow addon (about 20 s)');
  const sources = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'].map((file) => join(tfjsNode, file));
  const include = [tfjsNode, join(work, 'tensorflow/include'), join(root, 'node_modules/node-api-headers/include')].flatMap((d) => [
    '-I',
    d,
  ]);
  const link = ['-L', join(work, 'lib'), '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib'];
  const flags = ['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8', '-w'];
  must('g++', [...flags, ...include, ...sources, ...link, '-o', join(work, 'tfjs_binding.node')], 'the C++ compiler');
  rmSync(join(work, 'tensorflow'), { recursive: true });
}

function must(command, args, what) {
  const result = quiet(command, args);
  if (result.code !== 0) throw new Error(`${what}: ${reason(result)}`);
}

/** The line that names the error, or else the last one. */
function reason(result) {
  const text = `${result.out}\n${result.error}`.trim();
  return (/^.*\b[Ee]rror:.*$/m.exec(text)?.[0] ?? text.split('\n').at(-1) ?? 'failed').trim().slice(0, 300);
}

/**
 * Provides the native TensorFlow engine: it loads already, or the package's own install script, or PyPI's library.
 * Where all fail the product still runs, on WebAssembly; `faultline doctor` and every result say so.
 */
export function ensureEngine(node) {
  const key = `${process.platform}-${process.arch} ${readFileSync(join(tfjsNode, 'package.json'), 'utf8').length} ${node}`;
  if (stampIs(stamp, key)) return;
  let failure = loadFailure(node);
  for (const [name, provide] of [
    ['its own install script', () => official(node)],
    ['the library on PyPI', fromPyPI],
  ]) {
    if (!failure) break;
    say(`native TensorFlow: ${failure}; trying ${name}`);
    try {
      provide();
      failure = loadFailure(node);
    } catch (error) {
      failure = error.message;
    }
  }
  if (failure) {
    // No stamp: the next start tries again.
    say(
      `native TensorFlow is not available (${failure}). Faultline will compute with WebAssembly, several times slower, and say so.`,
    );
    return;
  }
  say('native TensorFlow works');
  setStamp(stamp, key);
}
