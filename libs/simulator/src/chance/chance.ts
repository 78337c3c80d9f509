import type { Draws } from '@muster/kernel';

/** Random values of one stream: the same seed and name give the same values, whatever else is drawn elsewhere. */
export interface Chance extends Draws {
  /** Uniform in [from, to). */
  readonly between: (from: number, to: number) => number;
  /** True with this probability. */
  readonly happens: (probability: number) => boolean;
}

const UNIT_STEPS = 2 ** 32;
const UUID_VERSION_4 = 0x4000;
const UUID_VARIANT = 0x8000;

/** MurmurHash3's finalizer: every bit of the word changes half of the result. */
const mixed = (word: number): number => {
  let mixing = word | 0;
  mixing = Math.imul(mixing ^ (mixing >>> 16), 0x85ebca6b);
  mixing = Math.imul(mixing ^ (mixing >>> 13), 0xc2b2ae35);
  return (mixing ^ (mixing >>> 16)) >>> 0;
};

/** A number in [0, 1) that belongs to these three words: a draw without a stream, so that asking twice or in another order changes nothing. */
export const unitOf = (seed: number, subject: number, occasion: number): number =>
  mixed(mixed(mixed(seed ^ 0x9e3779b9) + Math.imul(subject, 0x85ebca77)) + Math.imul(occasion, 0xc2b2ae3d)) / UNIT_STEPS;

/** FNV-1a. */
const wordOf = (name: string): number => {
  let word = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) word = Math.imul(word ^ name.charCodeAt(index), 0x01000193);
  return word >>> 0;
};

const hex = (word: number, digits: number): string => word.toString(16).padStart(digits, '0');

/** Chris Doty-Humphrey's sfc32 (PractRand): fast, and no pattern shows in far more draws than a simulated century takes. */
export const createChance = (seed: number, name: string): Chance => {
  let a = mixed(seed);
  let b = mixed(wordOf(name));
  let c = mixed(seed ^ wordOf(name));
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The author's warm-up: seeds that differ in one bit have nothing in common afterwards.
  for (let warmUp = 0; warmUp < 12; warmUp += 1) next();

  const unit = (): number => next() / UNIT_STEPS;
  return {
    unit,
    between: (from, to) => from + unit() * (to - from),
    happens: (probability) => unit() < probability,
    uuid: () => {
      const [first, second, third, fourth] = [next(), next(), next(), next()];
      const version = ((second & 0x0fff) | UUID_VERSION_4) >>> 0;
      const variant = ((third >>> 16) & 0x3fff) | UUID_VARIANT;
      return `${hex(first, 8)}-${hex(second >>> 16, 4)}-${hex(version, 4)}-${hex(variant, 4)}-${hex(third & 0xffff, 4)}${hex(fourth, 8)}`;
    },
  };
};
