import { textAt } from './table-text.js';

/** Behind the header of a `SLIC` stand structures, each beginning with its type and its whole length, 4 bytes little-endian each. */
const STRUCTURE_HEADER_BYTES = 8;

/** Type 0, the maker's public key: 156 bytes (RSA-1024). Nothing of it is read. */
const PUBLIC_KEY = { type: 0, bytes: 156 };

/** Type 1, the marker: 182 bytes: version 4, OEM id 6, OEM table id 8, flag 8, SLIC version 4, reserved 16, signature 128. */
const MARKER = { type: 1, bytes: 182, flag: { at: STRUCTURE_HEADER_BYTES + 18, bytes: 8 } };

const LENGTHS: ReadonlyMap<number, number> = new Map([PUBLIC_KEY, MARKER].map(({ type, bytes }) => [type, bytes]));

export type FoundMarker = { readonly status: 'found'; readonly flag: string } | { readonly status: 'none' } | { readonly status: 'broken' };

/** The flag of the first marker structure. Structures of other types are passed over, and one that is not as long as it says breaks the table. */
export const markerIn = (body: Uint8Array): FoundMarker => {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let found: FoundMarker = { status: 'none' };
  for (let at = 0; at < body.length; ) {
    if (body.length - at < STRUCTURE_HEADER_BYTES) return { status: 'broken' };
    const type = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    // At least its own header, so that the walk always ends.
    if (length < STRUCTURE_HEADER_BYTES || length > body.length - at || length !== (LENGTHS.get(type) ?? length)) return { status: 'broken' };
    if (type === MARKER.type && found.status === 'none') found = { status: 'found', flag: textAt(body.subarray(at, at + length), MARKER.flag) };
    at += length;
  }
  return found;
};
