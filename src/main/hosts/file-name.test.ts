import { describe, expect, it } from 'vitest';
import { contentDisposition, safeFileName } from './file-name';

describe('safeFileName', () => {
  it.each([
    ['report.html', 'report.html'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com1.csv', '_com1.csv'],
    ['console.csv', 'console.csv'],
    ['report. . .', 'report'],
    ['a\u0000b\nc.csv', 'abc.csv'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a<b>:"c|?*.csv', 'a_b___c___.csv'],
    ['..', 'file'],
    ['', 'file'],
    ['.hidden', 'hidden'],
    ['\ud800.csv', 'csv'],
    ['Pümpe 泵.csv', 'Pümpe 泵.csv'],
  ])('makes %j into %j', (given, safe) => {
    expect(safeFileName(given)).toBe(safe);
  });

  it('keeps the ending of a name that is too long', () => {
    const name = safeFileName(`${'x'.repeat(300)}.csv`);
    expect([name.length, name.endsWith('x.csv')]).toEqual([120, true]);
  });
});

describe('contentDisposition', () => {
  it('gives an ASCII name and the real one, with nothing that ends a header or a quoted text', () => {
    expect(contentDisposition('Bericht "Ä"\r\nX: y.pdf')).toBe(
      `attachment; filename="Bericht ___X_ y.pdf"; filename*=UTF-8''Bericht%20_%C3%84_X_%20y.pdf`,
    );
    expect(contentDisposition("it's (1)*.csv")).toBe(
      `attachment; filename="it's (1)_.csv"; filename*=UTF-8''it%27s%20%281%29_.csv`,
    );
  });
});
