import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DoctorRow } from '../../contract/types';
import type { AppOptions } from '../app';
import { reasonOf } from '../atomic-file';
import { openProject } from '../store';
import type { EngineProbe } from './engine-probe';

const OLDEST_NODE = 22;
/** Below this a project may not fit. */
const FREE_BYTES_WANTED = 1e9;

const load = createRequire(import.meta.url);

/** What this machine has and what it lacks; each bad row says what to do. */
export async function doctorRows(options: AppOptions, probe: EngineProbe): Promise<readonly DoctorRow[]> {
  const groups = await Promise.all([machine(), engine(probe), store(options.dataDir), electron(options), disk(options.dataDir)]);
  return groups.flat();
}

function good(name: string, value: string): DoctorRow {
  return { name, ok: true, value, advice: '' };
}

function bad(name: string, value: string, advice: string): DoctorRow {
  return { name, ok: false, value, advice };
}

function machine(): DoctorRow[] {
  const { node } = process.versions;
  const old = Number.parseInt(node, 10) < OLDEST_NODE;
  return [
    old ? bad('Node', node, 'Start Faultline with "npm start", which gets Node 24 by itself.') : good('Node', node),
    good('Platform', `${process.platform} ${process.arch}`),
  ];
}

async function engine(probe: EngineProbe): Promise<DoctorRow[]> {
  try {
    const { engine: found, duckdb } = await probe.status();
    const { backend, version, threads, reason, selfTest } = found;
    const value = `${backend}, ${version}, ${threads} thread${threads === 1 ? '' : 's'}`;
    const failed = selfTest.filter((test) => !test.passed);
    return [
      backend === 'tensorflow'
        ? good('Engine', value)
        : bad('Engine', value, `Training is slower without native TensorFlow (${reason}). Run "npm run setup" again on a network.`),
      failed.length === 0
        ? good('Engine self-test', selfTest.map((test) => test.name).join(', '))
        : bad('Engine self-test', failed.map((test) => `${test.name}: ${test.detail}`).join('; '), 'Run "npm run setup" again.'),
      good('DuckDB', duckdb),
    ];
  } catch (error) {
    return [bad('Engine', reasonOf(error), 'Run "npm run setup" again; the local log says more.')];
  }
}

/** A project is made and opened, which proves SQLite and a writable folder at once. */
async function store(dataDir: string): Promise<DoctorRow[]> {
  let folder: string | undefined;
  try {
    await mkdir(dataDir, { recursive: true });
    folder = await mkdtemp(join(dataDir, 'doctor-'));
  } catch (error) {
    return [
      bad('Data folder', `${dataDir}: ${reasonOf(error)}`, 'Choose another folder with --data DIR, or make this one writable.'),
    ];
  }
  const writable = good('Data folder', dataDir);
  try {
    openProject(join(folder, 'check.faultline'), { create: true }).close();
    const { version } = load('better-sqlite3/package.json') as { version: string };
    return [good('SQLite', `better-sqlite3 ${version}`), writable];
  } catch (error) {
    return [bad('SQLite', reasonOf(error), 'Run "npm ci" again with Node 22 or later.'), writable];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function electron(options: AppOptions): DoctorRow[] {
  if (options.host.kind === 'electron') return [good('Electron', process.versions['electron'] ?? 'running')];
  try {
    const root = dirname(load.resolve('electron/package.json'));
    const { version } = load('electron/package.json') as { version: string };
    // The binary is downloaded on first start; without it Faultline runs in the browser, which lacks nothing but the window.
    return [
      good(
        'Electron',
        existsSync(join(root, 'dist', 'version')) ? `${version}, with binary` : `${version}, no binary: runs in the browser`,
      ),
    ];
  } catch {
    return [good('Electron', 'not installed: runs in the browser')];
  }
}

async function disk(dataDir: string): Promise<DoctorRow[]> {
  try {
    const { bavail, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    const value = `${(free / 1e9).toFixed(1)} GB`;
    return [
      free >= FREE_BYTES_WANTED
        ? good('Free disk', value)
        : bad('Free disk', value, 'Free at least 1 GB, or move the data folder with --data DIR.'),
    ];
  } catch (error) {
    return [bad('Free disk', reasonOf(error), 'Choose another data folder with --data DIR.')];
  }
}
