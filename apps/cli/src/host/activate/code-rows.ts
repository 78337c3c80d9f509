/** As many groups as fit a line that is read aloud without losing the place. */
const GROUPS_A_ROW = 5;

/** The groups of a code in numbered rows: whoever misheard one is told its number. */
export const codeRows = (code: string): readonly string[] => {
  const groups = code.split(' ');
  return Array.from({ length: Math.ceil(groups.length / GROUPS_A_ROW) }, (_, row) => {
    const first = row * GROUPS_A_ROW;
    return `  ${String(first + 1).padStart(2)}:  ${groups.slice(first, first + GROUPS_A_ROW).join('  ')}`;
  });
};

/** A code as it was typed or pasted, with or without the numbers of {@link codeRows}. */
export const withoutRowNumbers = (typed: string): string => typed.replaceAll(/(^|\s)\d{1,2}:/g, ' ').trim();
