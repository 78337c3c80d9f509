/** What people type, read out and mishear: symbols in groups of one length, each group with a check of its own. */
export interface GroupForm {
  /** What it is called in the sentence that names the misread groups. */
  readonly what: 'key' | 'code';
  readonly groups: number;
  readonly symbolsPerGroup: number;
  /** Whether a group, in capitals, is what may stand at this index (from 0). */
  readonly holds: (group: string, index: number) => boolean;
}

/** Mistyped or misheard: nobody has to look it up to know. */
export interface Misread {
  readonly status: 'misread';
  /** From 1, as people count. */
  readonly groups: readonly number[];
  /** A sentence for whoever typed it; it quotes nothing of what was typed. */
  readonly detail: string;
}

export type ReadGroups = { readonly status: 'read'; readonly groups: readonly string[] } | Misread;

/** Several times the longest code with all its separators; more than that is no code, and costs nothing to say so. */
const CHARACTERS_MAX = 1_000;

/** White space, line breaks, and what stands between groups: hyphens and dashes of every width, points, commas, low lines. */
const SEPARATORS = /[\s\-\u2010-\u2015.,_]+/u;

const listed = new Intl.ListFormat('en', { type: 'conjunction' });

const misread = (groups: readonly number[], detail: string): Misread => ({ status: 'misread', groups, detail });

const numbersFrom1 = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

const cut = (text: string, length: number): readonly string[] => Array.from({ length: Math.ceil(text.length / length) }, (_, index) => text.slice(index * length, (index + 1) * length));

/** Something was left out or said twice, so that all that follows stands in a wrong place: only the first place that does not fit is of use. */
const misaligned = (found: readonly string[], { what, groups, symbolsPerGroup, holds }: GroupForm): Misread => {
  const firstWrong = found.findIndex((group, index) => index >= groups || !holds(group, index));
  const at = Math.min(firstWrong === -1 ? found.length : firstWrong, groups - 1) + 1;
  return misread([at], `The ${what} is not ${groups} groups of ${symbolsPerGroup}. Something is missing or too much at group ${at}.`);
};

/** Reads grouped text however it was spaced and in whatever case, and names the groups that are wrong. */
export const readGroups = (text: string, form: GroupForm): ReadGroups => {
  const { what, groups, symbolsPerGroup, holds } = form;
  if (text.length > CHARACTERS_MAX) return misread(numbersFrom1(groups), `This is too long for a ${what}.`);
  const written = text.toUpperCase().split(SEPARATORS).filter(Boolean);
  // Where the writer kept the groups apart, one of a wrong length is named; else they are cut by length.
  const found = written.length === groups ? written : cut(written.join(''), symbolsPerGroup);
  if (found.length !== groups || (written.length !== groups && found.at(-1)?.length !== symbolsPerGroup)) return misaligned(found, form);
  const wrong = numbersFrom1(groups).filter((number) => !holds(found[number - 1] ?? '', number - 1));
  if (wrong.length === 0) return { status: 'read', groups: found };
  return misread(wrong, `${wrong.length === 1 ? 'Group' : 'Groups'} ${listed.format(wrong.map(String))} of the ${what} ${wrong.length === 1 ? 'is' : 'are'} not right.`);
};
