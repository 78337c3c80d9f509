/** Short enough to be read out in one breath, and to keep one's place. */
const GROUPS_A_LINE = 5;

/** A code as it is read out: rows of groups. Whoever types it may type the rows as they are. */
export const codeLines = (code: string): readonly string[] => {
  const groups = code.split(/\s+/);
  return Array.from({ length: Math.ceil(groups.length / GROUPS_A_LINE) }, (_, row) => groups.slice(row * GROUPS_A_LINE, (row + 1) * GROUPS_A_LINE).join(' '));
};
