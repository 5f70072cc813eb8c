/** Names and units of columns. Names come from files: they are only ever array elements and Map keys, never object keys. */

export interface ColumnName {
  readonly name: string;
  readonly unit: string;
}

/** Longest name kept, in characters; the contract's limit. */
const NAME_LIMIT = 200;
const UNIT_LIMIT = 50;

const units = new Set(
  (
    '% ‰ ppm ppb °c degc deg.c c °f degf f k bar bar(g) bar(a) barg bara mbar mbar(g) mbar(a) pa kpa hpa mpa psi psig psia atm mmhg mmh2o mmwc ' +
    'm3/h m³/h nm3/h nm³/h m3/s m³/s m3/d l/h l/min l/s kg/h kg/s kg/min t/h t/d lb/h gpm scfm mmscfd sm3/h sm³/h mm/s mm/s2 mm/s² m/s m/s2 m/s² in/s g mg ' +
    'µm um mm cm m km in ft a ma ka v mv kv w kw mw gw var kvar mvar va kva mva hz khz rpm 1/min min-1 u/min kwh mwh j kj mj nm kn n s ms min h d ' +
    'm2 m² m3 m³ l kg t lb kg/m3 kg/m³ g/l mg/l g/cm3 ph ntu ms/cm µs/cm us/cm cp cst pas w/m2 w/m² db db(a) ohm Ω mol/l - [-] 0/1 bool deg ° rad ' +
    'pcs counts count passengers vol% wt% mol%'
  ).split(' '),
);

/** True for a text that is a known engineering unit. */
export function isUnit(text: string): boolean {
  return units.has(text.trim().toLowerCase());
}

function clean(text: string, limit: number): string {
  // Control characters and bidirectional overrides never reach a screen or a report.
  const t = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]+/g, ' ').trim();
  return t.length > limit ? `${t.slice(0, limit - 1)}…` : t;
}

/** "Flow [m³/h]" and "Flow (m³/h)" parted into name and unit; round brackets only around a known unit. */
export function splitUnit(header: string): ColumnName {
  const square = /^(.+?)\s*\[([^[\]]{1,20})\]$/.exec(header);
  if (square !== null) return { name: square[1]!, unit: square[2]!.trim() };
  const round = /^(.+?)\s*\((.{1,20})\)$/.exec(header);
  if (round !== null && isUnit(round[2]!)) return { name: round[1]!, unit: round[2]!.trim() };
  return { name: header, unit: '' };
}

export interface ColumnNames {
  readonly columns: readonly ColumnName[];
  /** What had to be changed, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Names of `width` columns from the header cells and the unit cells. Empty names become "column 3", repeated ones "Flow (2)".
 */
export function columnNames(header: readonly string[], unitCells: readonly string[], width: number): ColumnNames {
  const notes: string[] = [];
  const seen = new Set<string>();
  let empty = 0;
  const repeated: string[] = [];
  const columns: ColumnName[] = [];
  for (let i = 0; i < width; i++) {
    const raw = clean(header[i] ?? '', 100_000);
    const parted = splitUnit(raw);
    let name = clean(parted.name, NAME_LIMIT);
    if (name === '') {
      name = `column ${i + 1}`;
      if (header.length > 0) empty++;
    }
    const first = name;
    for (let n = 2; seen.has(name); n++) name = clean(first, NAME_LIMIT - 8) + ` (${n})`;
    if (name !== first) repeated.push(first);
    seen.add(name);
    const unit = clean(unitCells[i] ?? '', UNIT_LIMIT).replace(/^\[(.+)\]$/, '$1');
    columns.push({ name, unit: unit === '' || unit === '-' ? clean(parted.unit, UNIT_LIMIT) : unit });
  }
  if (empty > 0) notes.push(`${empty} ${empty === 1 ? 'column has' : 'columns have'} no name and got their number`);
  if (repeated.length > 0)
    notes.push(
      `${repeated.length} repeated ${repeated.length === 1 ? 'name' : 'names'} numbered: ${repeated.slice(0, 3).join(', ')}`,
    );
  return { columns, notes };
}
