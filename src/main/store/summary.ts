import { realpathSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { FaultlineError, isFaultline } from '../../core/errors';
import { Connection } from './connection';
import { openDatabase } from './database';
import { Datasets } from './dataset-repository';
import { LabelSets } from './label-repository';
import { isLockedElsewhere, isLockedHere } from './lock';
import { Meta } from './meta-repository';
import { migrations } from './migrations/index';
import type { ProjectFileSummary } from './types';

/**
 * What the project list shows of a file, read through a connection that never writes and holds no lock. Never throws: what is wrong
 * with the file is its `state` and `problem`.
 */
export function summary(path: string): ProjectFileSummary {
  const given = resolve(path);
  const found = statSync(given, { throwIfNoEntry: false });
  const file = found ? realpathSync(given) : given;
  const plain: ProjectFileSummary = {
    id: '',
    name: basename(file).replace(/\.faultline$/, ''),
    file,
    bytes: found?.size ?? 0,
    changedAt: found?.mtimeMs ?? 0,
    sample: false,
    state: 'ok',
    problem: '',
    channels: 0,
    rows: 0,
    lastResult: '',
    stages: [],
    scoreStrip: [],
  };
  try {
    return { ...plain, ...read(file) };
  } catch (error) {
    // Of an older version: opening it will bring it up to date; until then only its name is known.
    if (isFaultline(error, 'store/read-only')) return plain;
    return { ...plain, state: stateOf(error), problem: error instanceof Error ? error.message : String(error) };
  }
}

function read(file: string): Partial<ProjectFileSummary> {
  const { db } = openDatabase(file, { readOnly: true, check: false, migrations, now: 0 });
  try {
    const connection = new Connection(db, file, true, () => 0);
    const meta = new Meta(connection);
    const datasets = new Datasets(connection, new LabelSets(connection)).list();
    const elsewhere = isLockedElsewhere(file) && !isLockedHere(file);
    return {
      id: meta.get('id', ''),
      name: meta.get('name', ''),
      sample: meta.get('sample', false),
      changedAt: meta.get('savedAt', 0),
      stages: meta.get('stages', []),
      lastResult: meta.get('lastResult', ''),
      scoreStrip: meta.get('scoreStrip', []),
      rows: datasets.reduce((sum, dataset) => sum + dataset.rows, 0),
      channels: datasets.reduce((sum, dataset) => sum + dataset.channels.length, 0),
      ...(elsewhere ? { state: 'open-elsewhere' as const, problem: 'It is open in another Faultline.' } : {}),
    };
  } finally {
    db.close();
  }
}

function stateOf(error: unknown): ProjectFileSummary['state'] {
  if (!(error instanceof FaultlineError)) return 'damaged';
  if (error.code === 'project/not-found') return 'missing';
  return error.code === 'store/newer-than-app' ? 'newer' : 'damaged';
}
