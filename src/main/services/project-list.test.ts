import { describe, expect, it } from 'vitest';
import { fileNameOf } from './project-list';

describe('file name of a project', () => {
  it.each([
    ['Feed pump P-1104A', 'Feed-pump-P-1104A'],
    ['../../etc/passwd', 'etc-passwd'],
    ['CON', 'CON-project'],
    ['lpt1', 'lpt1-project'],
    ['  ', 'project'],
    ['name.', 'name'],
    ['Kühlwasser Süd', 'Kühlwasser-Süd'],
    ['\u202eexe.txt', 'exe-txt'],
    ['a\u0000b', 'a-b'],
    ['x'.repeat(300), 'x'.repeat(60)],
  ])('%j becomes %j', (name, expected) => {
    expect(fileNameOf(name)).toBe(expected);
  });
});
