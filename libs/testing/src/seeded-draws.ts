import { createHash } from 'node:crypto';
import type { Draws } from '@muster/kernel';

const UNIT_STEPS = 2 ** 32;
const UUID_VERSION_4 = 0x40;
const UUID_VARIANT = 0x80;

const asUuid = (random: Buffer): string => {
  const bytes = random.subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | UUID_VERSION_4;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | UUID_VARIANT;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/** Draws that are the same on every run: SHA-256 over the seed and a counter. */
export const seededDraws = (seed: string | number): Draws => {
  let drawn = 0;
  const next = (): Buffer => createHash('sha256').update(`${seed}\n${drawn++}`).digest();
  return { uuid: () => asUuid(next()), unit: () => next().readUInt32BE(0) / UNIT_STEPS };
};
