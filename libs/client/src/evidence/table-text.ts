const PRINTABLE_FIRST = 0x20;
const PRINTABLE_LAST = 0x7e;

/** Stands for a byte that is no printable ASCII: a policy cannot ask for it, so it never matches. */
const REPLACEMENT = '\ufffd';

/** A field of fixed length, with the blanks and zeros left out that fill it up. */
export const textAt = (bytes: Uint8Array, field: { readonly at: number; readonly bytes: number }): string => {
  const text = Array.from(bytes.subarray(field.at, field.at + field.bytes), (byte) => {
    if (byte === 0) return ' ';
    return byte >= PRINTABLE_FIRST && byte <= PRINTABLE_LAST ? String.fromCharCode(byte) : REPLACEMENT;
  });
  return text.join('').trimEnd();
};
