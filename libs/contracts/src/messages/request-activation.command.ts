import { z } from 'zod';
import { base64url32, dottedName, numericDate, thumbprint, uuid } from '../formats.js';
import { firmwareEvidenceSchema } from '../machine-evidence.js';

/** `muster.v1.activation.request`: a machine's request after the gateway verified its signature and schema. */
export const requestActivationSchema = z.strictObject({
  machine: thumbprint,
  requestId: uuid,
  product: dottedName,
  virtual: z.boolean(),
  citedLease: base64url32.nullable(),
  audience: thumbprint.nullable(),
  issuedAt: numericDate,
  /** SHA-256 over what decides (kind, product, virtual, evidence, cited lease, enrolment): tells a repeat from a reuse. */
  contentDigest: base64url32,
  /** What the firmware says, where the machine told. */
  evidence: firmwareEvidenceSchema.optional(),
  /** The public half of the enrolment token that the machine has proved to hold. */
  enrolment: base64url32.optional(),
  /** Personal data, for the side table only. */
  hostname: z.string().max(253),
  address: z.string().max(45).nullable(),
});

/** Asks this host to activate `product` on `machine`. */
export type RequestActivation = Readonly<z.infer<typeof requestActivationSchema>>;
