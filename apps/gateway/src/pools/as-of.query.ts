import type { AsOf } from '@muster/contracts';
import { Problem, toInstant } from '@muster/kernel';

const POSITION = /^\d{1,15}$/;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Reads `asOf`: digits are a ledger position, anything else must be an RFC 3339 instant. @throws Problem `invalid-as-of` */
export const parseAsOf = (text: string): AsOf => {
  if (POSITION.test(text)) return { position: Number(text) };
  const epochMs = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(epochMs)) throw new Problem('invalid-as-of', 'asOf is a ledger position (digits) or an RFC 3339 instant such as 2026-03-31T23:59:59Z.');
  return { instant: toInstant(epochMs) };
};
