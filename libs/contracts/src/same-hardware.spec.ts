import type { HardwareEvidence } from './machine-evidence.js';
import { hardwareParts } from './machine-evidence.js';
import fc from 'fast-check';
import { isSameHardware } from './same-hardware.js';

const digest = (letter: string): string => letter.repeat(42) + 'A';

/** `bp` stands for a board and a processor; a capital letter for another part than the small one. */
const machine = (parts: string): HardwareEvidence =>
  Object.fromEntries(hardwareParts.flatMap((part) => [...parts].filter((letter) => letter.toLowerCase() === part[0]).map((letter) => [part, digest(letter)])));

describe('the same hardware', () => {
  it.each([
    ['bpmdn', 'bpmdn', true, 'nothing changed'],
    ['bpmdn', 'bpmdN', true, 'a new network card'],
    ['bpmdn', 'bpmDN', true, 'two parts of five are new'],
    ['bpmdn', 'bpMDN', false, 'three parts of five are new'],
    ['bpmd', 'bpMD', true, 'half of it is the same'],
    ['bpmdn', 'bp', true, 'the rest cannot be read any more'],
    ['bpmdn', 'Bp', true, 'one of the two that can be compared'],
    ['b', 'B', false, 'the one part that is known is new'],
    ['bp', 'md', false, 'nothing can be compared'],
    ['', 'bpmdn', false, 'nothing was known then'],
    ['', '', false, 'nothing was ever known'],
  ])('%j then, %j now: %j (%s)', (then, now, same) => {
    expect(isSameHardware(machine(then), machine(now))).toBe(same);
  });

  it('does not depend on which of the two was first', () => {
    const evidence = fc.array(fc.constantFrom('b', 'p', 'm', 'd', 'n', 'B', 'P', 'M', 'D', 'N'), { maxLength: 6 }).map((letters) => machine(letters.join('')));
    fc.assert(fc.property(evidence, evidence, (one, other) => isSameHardware(one, other) === isSameHardware(other, one)));
  });
});
