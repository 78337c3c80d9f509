import { codeRows, withoutRowNumbers } from './code-rows.js';

const code = Array.from({ length: 12 }, (_, index) => String(1_000_000 + index)).join(' ');

describe('a code in rows', () => {
  it('numbers the first group of each row', () => {
    expect(codeRows(code)).toEqual([
      '   1:  1000000  1000001  1000002  1000003  1000004',
      '   6:  1000005  1000006  1000007  1000008  1000009',
      '  11:  1000010  1000011',
    ]);
  });

  it('is read as it was printed, and as it stands alone', () => {
    const words = (text: string): readonly string[] => text.split(/\s+/);
    expect(words(withoutRowNumbers(codeRows(code).join('\n')))).toEqual(words(code));
    expect(withoutRowNumbers(code)).toBe(code);
  });
});
