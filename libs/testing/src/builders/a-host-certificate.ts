import type { HostCertificateClaims } from '@muster/contracts';
import { createDevelopmentVendor } from '@muster/trust';
import type { DevelopmentVendor } from '@muster/trust';
import { TEST_START_MS } from '../fixed-clock.js';
import { seededDraws } from '../seeded-draws.js';
import { aKey } from './a-machine.js';

export interface CertificateOptions {
  /** Another seed is another vendor with another host. */
  readonly seed?: string;
  /** Another host of the same vendor. */
  readonly hostSeed?: string;
  readonly nowMs?: number;
}

/**
 * A host certificate of the development catalogue with all its keys, the same for the same arguments.
 *
 * `overrides` replace whole claims: `{ coversGroup: 'acme-workstation' }` is a host that may serve workstations only.
 */
export const aHostCertificate = (
  overrides: Partial<HostCertificateClaims> = {},
  { seed = 'vendor', hostSeed = 'host', nowMs = TEST_START_MS }: CertificateOptions = {},
): Promise<DevelopmentVendor> =>
  createDevelopmentVendor({
    rootKey: aKey(`root:${seed}`),
    hostKey: aKey(`host:${seed}:${hostSeed}`),
    nowMs,
    overrides,
    draws: seededDraws(`certificate:${seed}:${hostSeed}`),
  });
