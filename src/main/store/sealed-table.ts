import { crc32 } from 'node:zlib';
import { FaultlineError } from '../../core/errors';
import type { Cell, Connection, Row, Statement } from './connection';

/** CRC-32 (ISO 3309) over a name and cells in order; a blob counts with its own CRC-32. */
export function crcOfCells(name: string, cells: readonly Cell[]): number {
  return crc32(JSON.stringify([name, ...cells.map((cell) => (Buffer.isBuffer(cell) ? { crc: crc32(cell) } : cell))]));
}

/**
 * A table whose rows carry a checksum over all their other columns, so that a flipped bit in a label, a threshold or a comment is found
 * when the row is read, and never shown as right. SQLite itself checks the structure of its pages, not the cells in them.
 */
export class SealedTable<Name extends string> {
  private readonly inserting: Statement;

  constructor(
    private readonly connection: Connection,
    private readonly table: string,
    private readonly columns: readonly Name[],
  ) {
    const marks = columns.map(() => '?').join(', ');
    this.inserting = connection.prepare(`INSERT INTO ${table} (${columns.join(', ')}, crc) VALUES (${marks}, ?)`);
  }

  insert(row: Readonly<Record<Name, Cell>>): void {
    const cells = this.columns.map((column) => row[column]);
    this.inserting.run(...cells, crcOfCells(this.table, cells));
  }

  /** Replaces the whole row that has this value in `key`. Gives false when there is none. */
  updater(key: Name): (row: Readonly<Record<Name, Cell>>) => boolean {
    const assignments = this.columns.map((column) => `${column} = ?`).join(', ');
    const statement = this.connection.prepare(`UPDATE ${this.table} SET ${assignments}, crc = ? WHERE ${key} = ?`);
    return (row) => {
      const cells = this.columns.map((column) => row[column]);
      return statement.run(...cells, crcOfCells(this.table, cells), row[key]) > 0;
    };
  }

  /**
   * Rows by a condition, each checked.
   * @param tail - SQL after the table's name, e.g. "WHERE id = ?".
   * @throws FaultlineError 'store/damaged' naming the table.
   */
  select(tail: string): (...params: readonly Cell[]) => readonly Record<Name, Cell>[] {
    const statement = this.connection.prepare(`SELECT ${this.columns.join(', ')}, crc FROM ${this.table} ${tail}`);
    return (...params) => statement.all(...params).map((row) => this.checked(row));
  }

  private checked(row: Row): Record<Name, Cell> {
    const cells = this.columns.map((column) => row[column] ?? null);
    if (crcOfCells(this.table, cells) !== row['crc']) throw damaged(this.connection.file, this.table);
    return row as Record<Name, Cell>;
  }
}

/** Error of a row or a set of rows that is not what was written. */
export function damaged(file: string, table: string): FaultlineError {
  return new FaultlineError(
    'store/damaged',
    `A record in ${file} is damaged (table ${table}) and is not shown. Open a backup of the project, or save a copy of what is readable.`,
    { file, table },
  );
}

/* Cells as the types they were written with. A sealed row was checked, so a wrong type is a mistake in this folder. */

export function asText(cell: Cell | undefined): string {
  if (typeof cell !== 'string') throw new TypeError('text expected');
  return cell;
}
export function asNumber(cell: Cell | undefined): number {
  if (typeof cell !== 'number') throw new TypeError('number expected');
  return cell;
}
export function asNumberOrNull(cell: Cell | undefined): number | null {
  return cell === null ? null : asNumber(cell);
}
export function asTextOrNull(cell: Cell | undefined): string | null {
  return cell === null ? null : asText(cell);
}
export function asBlob(cell: Cell | undefined): Buffer {
  if (!Buffer.isBuffer(cell)) throw new TypeError('blob expected');
  return cell;
}
/** The value of a JSON column, as written by `JSON.stringify` of a `T` in the same repository. */
export function asJson<T>(cell: Cell | undefined): T {
  return JSON.parse(asText(cell)) as T;
}
