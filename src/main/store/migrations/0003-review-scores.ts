import type { Migration } from './migration';

/** The score that looks at later rows as well, of the detectors that have one. */
export const reviewScores: Migration = {
  version: 3,
  up(db) {
    db.exec(`
-- Float32, as in run_chunk. A run without a row here has no such score.
CREATE TABLE run_review_chunk (
  seq INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  data_crc INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (run_id, position)
) STRICT;
`);
  },
};
