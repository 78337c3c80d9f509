import type { HostConfirmation } from '@muster/contracts';
import { hostConfirmationSchema } from '@muster/contracts';
import { MINUTE_SECONDS, SECOND_MS } from '@muster/kernel';
import { readDigitGroups, writeDigitGroups } from './digit-groups.js';
import type { Misread } from './grouped-text.js';

/** 29 groups are 174 digits, which carry 578 bits and hardly one more: exactly what a confirmation is. */
const GROUPS = 29;

/** From the most significant on. */
const BITS = { serial: 24n, issuedAtMinutes: 26n, validDays: 16n, signature: 512n } as const;
const BITS_TOTAL = Number(BITS.serial + BITS.issuedAtMinutes + BITS.validDays + BITS.signature);
/** The groups that the numbers stand in, all or in part; the rest is signature. */
const GROUPS_OF_NUMBERS = [1, 2, 3, 4] as const;

/** No host was confirmed before; 26 bits of minutes last until 2153. */
const EPOCH_SECONDS = Date.UTC(2026, 0, 1) / SECOND_MS;

/**
 * A host's confirmation as 29 groups of seven digits, to be read out over a telephone.
 *
 * @throws Error when the confirmation does not fit its schema, or was issued outside 2026 to 2153
 */
export const encodeConfirmation = (confirmation: HostConfirmation): string => {
  const { serial, issuedAt, validDays, signature } = hostConfirmationSchema.parse(confirmation);
  const issuedAtMinutes = BigInt((issuedAt - EPOCH_SECONDS) / MINUTE_SECONDS);
  if (issuedAtMinutes < 0n || issuedAtMinutes >> BITS.issuedAtMinutes !== 0n) throw new RangeError('the confirmation was issued at a time that its code cannot say');
  const numbers = (((BigInt(serial) << BITS.issuedAtMinutes) | issuedAtMinutes) << BITS.validDays) | BigInt(validDays);
  return writeDigitGroups((numbers << BITS.signature) | BigInt(`0x${Buffer.from(signature, 'base64url').toString('hex')}`), GROUPS);
};

export type DecodedConfirmation = { readonly status: 'read'; readonly confirmation: HostConfirmation } | Misread;

const lowBits = (value: bigint, bits: bigint): bigint => value & ((1n << bits) - 1n);

/** Reads a confirmation as somebody heard it: whether it is for this host and its policies is found by making the certificate from it. */
export const decodeConfirmation = (text: string): DecodedConfirmation => {
  const found = readDigitGroups(text, { groups: GROUPS, bits: BITS_TOTAL });
  if (found.status === 'misread') return found;
  const numbers = found.value >> BITS.signature;
  const read = hostConfirmationSchema.safeParse({
    serial: Number(numbers >> (BITS.issuedAtMinutes + BITS.validDays)),
    issuedAt: Number(lowBits(numbers >> BITS.validDays, BITS.issuedAtMinutes)) * MINUTE_SECONDS + EPOCH_SECONDS,
    validDays: Number(lowBits(numbers, BITS.validDays)),
    signature: Buffer.from(lowBits(found.value, BITS.signature).toString(16).padStart(128, '0'), 'hex').toString('base64url'),
  });
  if (read.success) return { status: 'read', confirmation: read.data };
  return { status: 'misread', groups: GROUPS_OF_NUMBERS, detail: 'Groups 1 to 4 of the code say nothing that a confirmation can say.' };
};
