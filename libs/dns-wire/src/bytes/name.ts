import { invalid } from '../dns-failure.js';

/** RFC 1035 section 2.3.4. */
export const LABEL_BYTES_MAX = 63;
/** As bytes on the wire, length bytes and the root's included (RFC 1035 section 2.3.4). */
export const NAME_BYTES_MAX = 255;

// Host names (RFC 1123) and the underscore of service names (RFC 8552). No escapes: a dot or a newline inside a label is never meant, and often an attack.
const LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;

/**
 * Reads a name that we are about to write: labels of letters, digits, hyphens and underscores, with or without the final dot; `.` is the root.
 * Answers it without the final dot, its spelling kept. Throws `invalid` for anything else; names that others wrote may hold more (see `formatLabel`).
 */
export function parseName(text: string): string {
  if (text === '.') return text;
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  // Before splitting: a megabyte of dots is not worth an array.
  if (name.length > NAME_BYTES_MAX - 2) throw invalid(`a name has at most ${NAME_BYTES_MAX} bytes, this one more`);
  for (const label of name.split('.')) {
    if (label.length > LABEL_BYTES_MAX) throw invalid(`${quote(label)} is longer than ${LABEL_BYTES_MAX} bytes`);
    if (!LABEL.test(label)) throw invalid(`${quote(label)} in ${quote(text)} is not a label of letters, digits, hyphens and underscores`);
  }
  return name;
}

/** The name's bytes, never compressed; `canonical` writes letters in lower case, as signatures and comparisons want them (RFC 4034 section 6.2). */
export function nameToWire(text: string, { canonical = false }: { readonly canonical?: boolean } = {}): Buffer {
  const name = parseName(text);
  const labels = name === '.' ? [] : (canonical ? name.toLowerCase() : name).split('.');
  return Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]), Buffer.from([0])]);
}

/** Labels as text, without the final dot. What a strict name cannot hold is escaped as in zone files (RFC 1035 section 5.1): `\.`, `\\`, `\032`. */
export const formatName = (labels: readonly Uint8Array[]): string => (labels.length === 0 ? '.' : labels.map(formatLabel).join('.'));

function formatLabel(label: Uint8Array): string {
  return Array.from(label, (byte) => {
    const character = String.fromCharCode(byte);
    if (character === '.' || character === '\\') return `\\${character}`;
    return byte > 0x20 && byte < 0x7f ? character : `\\${String(byte).padStart(3, '0')}`;
  }).join('');
}

/** Whether two names are the same to DNS: ASCII letters compare without case (RFC 4343), a final dot says nothing. */
export const sameName = (one: string, other: string): boolean => comparable(one) === comparable(other);

/** Whether a name is the zone's apex or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  const apex = comparable(zone);
  return apex === '' || comparable(name) === apex || comparable(name).endsWith(`.${apex}`);
}

// An escaped dot at the end stays; only ASCII letters are folded.
const comparable = (name: string): string => name.replace(/(?<!\\)\.$/, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const QUOTED_CHARS_MAX = 80;
const quote = (text: string): string => JSON.stringify(text.length > QUOTED_CHARS_MAX ? `${text.slice(0, QUOTED_CHARS_MAX)}…` : text);
