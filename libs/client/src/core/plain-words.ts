/** More says nothing to a person, and is kept with the machine. */
const CHARS_MAX = 300;

/** What somebody unknown said, fit for a terminal, a log and a file: one line without control characters or marks that turn the text around. */
export const plainWords = (text: string): string => text.slice(0, CHARS_MAX).replace(/\p{C}+/gu, ' ').trim();
