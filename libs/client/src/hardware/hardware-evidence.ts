import { createHash } from 'node:crypto';
import type { HardwareEvidence } from '@muster/contracts';
import { hardwareParts } from '@muster/contracts';
import type { HardwareFacts } from './hardware-facts.js';

/** With the machine's own id in it, nobody joins two machines' lists by what they have in common, nor looks a model up in a table. */
const hashed = (machine: string, part: string, fact: string): string => createHash('sha256').update(['muster hardware', machine, part, fact].join('\0')).digest('base64url');

/** The facts as they may leave the machine. */
export const hardwareEvidenceOf = (machine: string, facts: HardwareFacts): HardwareEvidence =>
  Object.fromEntries(hardwareParts.flatMap((part) => (facts[part] === undefined ? [] : [[part, hashed(machine, part, facts[part])]])));
