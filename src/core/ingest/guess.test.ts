import { describe, expect, it } from 'vitest';
import { guessEncoding } from './encoding';
import { guessRecipe, type Guess, type GuessOptions } from './guess';

const guess = (text: string, options?: GuessOptions): Guess => guessRecipe({ text, partial: false, encoding: 'utf-8' }, options);
const doubts = (g: Guess): string[] => g.evidence.filter((e) => e.doubt).map((e) => e.choice);

describe('guessRecipe', () => {
  it('reads a German historian export: semicolons, decimal comma, units in line 2', () => {
    const g = guess(
      'Zeitstempel;11-FI-2043.PV;11-PI-2041.PV\n;m³/h;bar(g)\n18.05.2026 14:07:00;1.182,77;2,03\n18.05.2026 14:08:00;I/O Timeout;2,04\n',
    );
    expect(g.recipe).toMatchObject({
      delimiter: ';',
      headerLine: 1,
      unitLine: 2,
      timeColumn: 0,
      timeFormat: 'dmy',
      decimal: ',',
      thousands: '.',
      valueColumns: [1, 2],
      tags: [
        { name: '11-FI-2043.PV', unit: 'm³/h' },
        { name: '11-PI-2041.PV', unit: 'bar(g)' },
      ],
    });
    expect(doubts(g)).toEqual([]);
  });

  it('asks about day and month when both orders fit', () => {
    const g = guess('t,x\n01/02/2024 00:00,1\n02/02/2024 00:00,2\n03/02/2024 00:00,3\n');
    // Daily steps as day/month; as month/day the steps are months of 29 and 31 days.
    expect(g.recipe.timeFormat).toBe('dmy');
    expect(doubts(g)).toContain('timeFormat');
  });

  it('settles day and month by an impossible month', () => {
    const g = guess('t,x\n01/02/2024,1\n01/13/2024,2\n');
    expect(g.recipe.timeFormat).toBe('mdy');
  });

  it.each([
    ['1700000000', 'epoch-s'],
    ['1700000000123', 'epoch-ms'],
    ['1700000000123456', 'epoch-us'],
    ['1700000000123456789', 'epoch-ns'],
    ['45123.5', 'excel-serial'],
  ])('knows %s as %s', (cell, format) => {
    expect(guess(`time,x\n${cell},1\n`).recipe.timeFormat).toBe(format);
  });

  it('reads a file without names', () => {
    const g = guess('2024-01-01 00:00,1\n2024-01-01 00:01,2\n');
    expect(g.recipe).toMatchObject({ headerLine: 0, tags: [{ name: 'column 2' }] });
    expect(doubts(g)).toContain('headerLine');
  });

  it('skips words above the names', () => {
    const g = guess('Report of unit 11\n\nTime,Flow [m3/h],Temp (°C)\n2024-01-01,1,2\n2024-01-02,1,2\n2024-01-03,1,2\n');
    expect(g.recipe).toMatchObject({
      headerLine: 3,
      tags: [
        { name: 'Flow', unit: 'm3/h' },
        { name: 'Temp', unit: '°C' },
      ],
    });
  });

  it('keeps hostile names as plain data', () => {
    const g = guess(`time,__proto__,constructor,toString,,a,a,${'x'.repeat(10_000)},b\u0007\u202ec\n2024-01-01,1,2,3,4,5,6,7,8\n`);
    // A column without a name gets its number; a repeated name is numbered; control characters go.
    expect(g.recipe.tags.map((t) => t.name)).toEqual([
      '__proto__',
      'constructor',
      'toString',
      'column 5',
      'a',
      'a (2)',
      `${'x'.repeat(199)}…`,
      'b c',
    ]);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(g.evidence.some((e) => e.text.includes('repeated'))).toBe(true);
  });

  it('leaves label columns and text columns out of the tags', () => {
    const g = guess('time,x,anomaly,changepoint,operator\n2024-01-01,1,0,0,Ann\n2024-01-02,2,1,0,Ben\n');
    expect(g.recipe).toMatchObject({ labelColumn: 2, valueColumns: [1] });
    expect(guess('time,x,y\n2024-01-01,1,0\n', { labelColumnName: 'Y' }).recipe).toMatchObject({
      labelColumn: 2,
      valueColumns: [1],
    });
    expect(() => guess('time,x\n2024-01-01,1\n', { labelColumnName: 'y' })).toThrow(
      expect.objectContaining({ code: 'labels/no-column' }),
    );
  });

  it('draws a setpoint with few values as steps', () => {
    const rows = Array.from(
      { length: 120 },
      (_, i) =>
        `2024-01-01 ${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')},${i < 60 ? 138 : 182},${i * 0.37}`,
    );
    const g = guess(`time,sp,flow\n${rows.join('\n')}\n`);
    expect(g.recipe.tags.map((t) => t.step)).toEqual([true, false]);
  });

  it.each([
    ['', 'import/empty'],
    ['\n\n', 'import/empty'],
    ['time,x\n', 'import/empty'],
    ['a,b\n1,2\n3,4\n', 'import/no-time-column'],
    ['time,name\n2024-01-01,Ann\n', 'import/no-values'],
    ['just one word\n', 'import/empty'],
  ])('refuses %j with %s', (text, code) => {
    expect(() => guess(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('guessEncoding', () => {
  const bytes = (text: string, encoding: BufferEncoding): Uint8Array => Buffer.from(text, encoding);
  it.each([
    ['utf-8', bytes('Zeit;°C\n', 'utf8'), false],
    ['utf-8', bytes('\ufefftime', 'utf8'), false],
    ['utf-16le', bytes('\ufefftime,x\n', 'utf16le'), false],
    ['utf-16le', bytes('time,x\n1,2\n', 'utf16le'), false],
    ['windows-1252', bytes('Zeit;°C;für\n', 'latin1'), false],
    // "温度" in Shift-JIS: valid in no encoding that is offered, so the user is asked.
    ['windows-1252', Uint8Array.of(0x89, 0xb7, 0x93, 0x78, 0x2c, 0x31), true],
  ])('%s', (encoding, sample, doubt) => {
    expect(guessEncoding(sample, false)).toMatchObject({ encoding, doubt });
  });
});
