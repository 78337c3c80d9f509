import assert from 'node:assert/strict';

/** A row of a printed code: perhaps the number of its first group, and its groups. */
const ROW = /^\s*(?:\d{1,2}:\s+)?(\d{7}(?:\s+\d{7})*)\s*$/;

/** The groups of digits of a code, as somebody reads them off what was printed. */
export const readAloud = (printed: string): readonly string[] => {
  const groups = printed.split('\n').flatMap((line) => ROW.exec(line)?.[1]?.split(/\s+/) ?? []);
  assert.ok(groups.length > 0, `no code is printed in:\n${printed}`);
  return groups;
};

/** The same with one digit of one group (from 1) misheard. */
export const misheard = (groups: readonly string[], group: number): readonly string[] =>
  groups.map((digits, index) => (index === group - 1 ? `${(Number(digits[0]) + 1) % 10}${digits.slice(1)}` : digits));
