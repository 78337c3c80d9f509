import { z } from 'zod';
import { base64url32 } from './formats.js';

/** As a table spells it, trailing blanks and zeros left out. */
const oemId = z.string().max(6);
const oemTableId = z.string().max(8);

/**
 * What an ACPI table of the firmware says, as the machine read it; the table itself stays there, and so does the key in an `MSDM`.
 *
 * `marker` is, of a `SLIC` with a marker structure, the eight characters of its flag; else the OEM table id. Makers mark machines either way.
 */
export const firmwareTableSchema = z.discriminatedUnion('status', [
  z.strictObject({ table: z.enum(['SLIC', 'MSDM']), status: z.literal('absent') }),
  z.strictObject({ table: z.enum(['SLIC', 'MSDM']), status: z.literal('present'), oemId, oemTableId, marker: z.string().max(16) }),
  z.strictObject({ table: z.enum(['SLIC', 'MSDM']), status: z.literal('unreadable'), why: z.enum(['not-permitted', 'bad-length', 'bad-checksum', 'bad-signature', 'unsupported']) }),
]);

/** One entry for each table that was looked for. */
export const firmwareEvidenceSchema = z
  .array(firmwareTableSchema)
  .max(2)
  .refine((entries) => new Set(entries.map(({ table }) => table)).size === entries.length, 'one entry for each table');

/** The parts of a machine that tell whether it is still the same one, each hashed with the machine's own id so that nobody can join two lists by them. */
export const hardwareParts = ['board', 'processor', 'memory', 'disk', 'network'] as const;
export type HardwarePart = (typeof hardwareParts)[number];

/** A part that could not be read is left out. */
export const hardwareEvidenceSchema = z.strictObject(
  Object.fromEntries(hardwareParts.map((part) => [part, base64url32.optional()])) as Record<HardwarePart, z.ZodOptional<typeof base64url32>>,
);

export type FirmwareTable = Readonly<z.infer<typeof firmwareTableSchema>>;
export type FirmwareEvidence = readonly FirmwareTable[];
export type HardwareEvidence = Readonly<z.infer<typeof hardwareEvidenceSchema>>;
