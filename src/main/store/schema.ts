import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import type { Migration } from './migrations/index';

/** Whole schema of a database as text, tables first by name; what SQLite makes by itself is left out. */
export function schemaOf(db: Database.Database): string {
  return db
    .prepare<[], { readonly sql: string }>(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type DESC, name",
    )
    .all()
    .map((row) => `${row.sql};\n`)
    .join('\n');
}

/** SHA-256 of the schema that the migrations up to `version` make. */
export function knownSchemaHash(migrations: readonly Migration[], version: number): string {
  const db = new Database(':memory:');
  try {
    for (const migration of migrations) if (migration.version <= version) migration.up(db);
    return schemaHash(db);
  } finally {
    db.close();
  }
}

export function schemaHash(db: Database.Database): string {
  return createHash('sha256').update(schemaOf(db)).digest('hex');
}
