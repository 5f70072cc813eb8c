CREATE TABLE channel (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  description TEXT NOT NULL,
  step INTEGER NOT NULL,
  stats TEXT NOT NULL,
  crc INTEGER NOT NULL,
  UNIQUE (dataset_id, position),
  UNIQUE (dataset_id, name)
) STRICT;

CREATE TABLE checkpoint (
  job_id TEXT PRIMARY KEY NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  manifest TEXT NOT NULL,
  data_sha256 TEXT NOT NULL,
  saved_at REAL NOT NULL,
  weights BLOB NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE chunk (
  seq INTEGER PRIMARY KEY,
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  channel INTEGER NOT NULL,
  position INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  min REAL,
  max REAL,
  data_crc INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  data BLOB NOT NULL,
  quality BLOB,
  UNIQUE (dataset_id, channel, position)
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

CREATE TABLE dataset (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('importing', 'ready')),
  name TEXT NOT NULL,
  source_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  start_ms REAL NOT NULL,
  end_ms REAL NOT NULL,
  step_ms REAL NOT NULL,
  chunk_rows INTEGER NOT NULL,
  channel_count INTEGER NOT NULL,
  recipe TEXT NOT NULL,
  report TEXT NOT NULL,
  created_at REAL NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  threshold_id TEXT NOT NULL REFERENCES threshold (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  start_ms REAL NOT NULL,
  end_ms REAL NOT NULL CHECK (end_ms >= start_ms),
  peak_ms REAL NOT NULL,
  peak_score REAL NOT NULL,
  channels TEXT NOT NULL,
  review TEXT NOT NULL,
  comment TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE event_review (
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  at REAL NOT NULL,
  state TEXT NOT NULL,
  comment TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE job (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted')),
  params TEXT NOT NULL,
  seed INTEGER NOT NULL,
  progress TEXT NOT NULL,
  error TEXT,
  result TEXT NOT NULL,
  memory_mb REAL,
  checkpoint_step INTEGER,
  created_at REAL NOT NULL,
  started_at REAL,
  ended_at REAL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE job_history (
  seq INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  record TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE job_log (
  seq INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  at REAL NOT NULL,
  text TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE label (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  start_ms REAL NOT NULL,
  end_ms REAL NOT NULL CHECK (end_ms >= start_ms),
  class TEXT NOT NULL,
  comment TEXT NOT NULL,
  channels TEXT NOT NULL,
  origin TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE label_operation (
  seq INTEGER PRIMARY KEY,
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  at REAL NOT NULL,
  operation TEXT NOT NULL,
  crc INTEGER NOT NULL,
  UNIQUE (dataset_id, revision)
) STRICT;

CREATE TABLE label_set (
  dataset_id TEXT PRIMARY KEY NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  label_count INTEGER NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE meta (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE model (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE RESTRICT,
  job_id TEXT REFERENCES job (id) ON DELETE RESTRICT,
  detector_id TEXT NOT NULL,
  format_version INTEGER NOT NULL,
  params TEXT NOT NULL,
  seed INTEGER NOT NULL,
  split TEXT NOT NULL,
  preparation TEXT NOT NULL,
  label_revision INTEGER NOT NULL,
  data_sha256 TEXT NOT NULL,
  channels TEXT NOT NULL,
  engine TEXT NOT NULL,
  versions TEXT NOT NULL,
  train_seconds REAL NOT NULL,
  parameter_count INTEGER NOT NULL,
  warm_up_rows INTEGER NOT NULL,
  created_at REAL NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE model_content (
  model_id TEXT PRIMARY KEY NOT NULL REFERENCES model (id) ON DELETE CASCADE,
  manifest TEXT NOT NULL,
  history TEXT NOT NULL,
  normal_scores BLOB NOT NULL,
  weights BLOB NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE pyramid (
  seq INTEGER PRIMARY KEY,
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  channel INTEGER NOT NULL,
  factor INTEGER NOT NULL,
  position INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (dataset_id, channel, factor, position)
) STRICT;

CREATE TABLE run (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  model_id TEXT NOT NULL REFERENCES model (id) ON DELETE RESTRICT,
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE RESTRICT,
  title TEXT NOT NULL,
  engine TEXT NOT NULL,
  channels TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  start_ms REAL NOT NULL,
  end_ms REAL NOT NULL,
  has_share INTEGER NOT NULL,
  has_expected INTEGER NOT NULL,
  half_width TEXT,
  created_at REAL NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE run_chunk (
  seq INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('time', 'score', 'share', 'expected')),
  channel INTEGER NOT NULL,
  position INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  data_crc INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (run_id, kind, channel, position)
) STRICT;

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

CREATE TABLE sweep_trial (
  seq INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  trial TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE threshold (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  value REAL NOT NULL,
  objective TEXT NOT NULL,
  min_duration_ms REAL NOT NULL,
  merge_gap_ms REAL NOT NULL,
  origin TEXT NOT NULL,
  achieved REAL,
  label_revision INTEGER NOT NULL,
  labels TEXT NOT NULL,
  event_count INTEGER NOT NULL,
  created_at REAL NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE threshold_rule (
  threshold_id TEXT PRIMARY KEY NOT NULL REFERENCES threshold (id) ON DELETE CASCADE,
  rule TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE INDEX event_by_run ON event (run_id);

CREATE INDEX event_by_threshold ON event (threshold_id, start_ms);

CREATE INDEX event_review_by_event ON event_review (event_id);

CREATE INDEX job_history_by_job ON job_history (job_id, step);

CREATE INDEX job_log_by_job ON job_log (job_id);

CREATE INDEX label_by_dataset ON label (dataset_id, start_ms);

CREATE INDEX model_by_dataset ON model (dataset_id);

CREATE INDEX run_by_dataset ON run (dataset_id);

CREATE INDEX run_by_model ON run (model_id);

CREATE INDEX sweep_trial_by_job ON sweep_trial (job_id);

CREATE INDEX threshold_by_run ON threshold (run_id);
