import type { GroupForm, Misread } from './grouped-text.js';
import { readGroups } from './grouped-text.js';

/** H. M. Damm's totally anti-symmetric quasigroup of order 10: finds every wrong digit and every swap of neighbours. */
const QUASIGROUP = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
].map((row) => [...row].map(Number));

const PAYLOAD_DIGITS = 6;
const DIGITS = /^\d{7}$/;

/**
 * The check starts from the group's index, so that a group is right in its own place and, of its nearest eighteen neighbours, in none.
 * Groups ten apart start alike, as one digit has it; swapped, they are found by the signature or the digest within the code.
 */
const checkDigitOf = (digits: string, index: number): string => String([...digits].reduce((state, digit) => QUASIGROUP[state]?.[Number(digit)] ?? 0, index % QUASIGROUP.length));

const holds = (group: string, index: number): boolean => DIGITS.test(group) && checkDigitOf(group.slice(0, PAYLOAD_DIGITS), index) === group.charAt(PAYLOAD_DIGITS);

/** Writes a number as groups of six digits and a check digit, the most significant first, with a blank between. */
export const writeDigitGroups = (value: bigint, groups: number): string => {
  const digits = value.toString().padStart(groups * PAYLOAD_DIGITS, '0');
  if (value < 0n || digits.length > groups * PAYLOAD_DIGITS) throw new RangeError(`the number does not fit ${groups} groups of digits`);
  return Array.from({ length: groups }, (_, index) => {
    const group = digits.slice(index * PAYLOAD_DIGITS, (index + 1) * PAYLOAD_DIGITS);
    return group + checkDigitOf(group, index);
  }).join(' ');
};

export type ReadDigitGroups = { readonly status: 'read'; readonly value: bigint } | Misread;

/** Reads what {@link writeDigitGroups} wrote, however it is spaced; a number of more than `bits` is a mistake in the first group. */
export const readDigitGroups = (text: string, { groups, bits }: { readonly groups: number; readonly bits: number }): ReadDigitGroups => {
  const form: GroupForm = { what: 'code', groups, symbolsPerGroup: PAYLOAD_DIGITS + 1, holds };
  const found = readGroups(text, form);
  if (found.status === 'misread') return found;
  const value = BigInt(found.groups.map((group) => group.slice(0, PAYLOAD_DIGITS)).join(''));
  return value >> BigInt(bits) === 0n ? { status: 'read', value } : { status: 'misread', groups: [1], detail: 'Group 1 of the code is not right.' };
};
