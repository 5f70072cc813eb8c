import type { Migration } from './migration';

/** Knobs and contract of a threshold, comparisons, and the trials of sweeps. */
export const contractsComparisonsSweeps: Migration = {
  version: 2,
  up(db) {
    db.exec(`
-- What a threshold has beside its value, durations and gap: hysteresis, dead time, modes, suppression, contract, time that chose it.
-- A threshold kept before this table was there has no row.
CREATE TABLE threshold_rule (
  threshold_id TEXT PRIMARY KEY NOT NULL REFERENCES threshold (id) ON DELETE CASCADE,
  rule TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE comparison (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  members TEXT NOT NULL,
  common INTEGER NOT NULL,
  created_at REAL NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

-- Append-only: what a sweep has tried; a resumed sweep does not try it again.
CREATE TABLE sweep_trial (
  seq INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  trial TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;
CREATE INDEX sweep_trial_by_job ON sweep_trial (job_id);
`);
  },
};
