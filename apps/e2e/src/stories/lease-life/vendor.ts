import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LeaseClaims } from '@muster/contracts';
import type { Clock } from '@muster/kernel';
import { DAY_SECONDS, toNumericDate } from '@muster/kernel';
import type { SigningKey } from '@muster/trust';
import { developmentHostCertificate, generateKeyPair, readPrivateKeyFile, signLease } from '@muster/trust';
import { WORKSTATION } from '../../fleet/wish.js';

/** What only the vendor and the host can make, made by whoever holds their development keys. */
export interface Vendor {
  /** Puts a certificate from now on in the place of the host's; it takes effect when the host starts. */
  certifyAnew(): Promise<void>;
  /** A lease of another certified host of the same organisation. */
  leaseOfAnotherHost(machine: string): Promise<string>;
  /** A genuine lease of the host itself that its ledger knows nothing of, as after the loss of a ledger. */
  unrecordedLease(machine: string): Promise<string>;
}

const LEASE_SECONDS = 180 * DAY_SECONDS;

export const vendorOf = async (dataDir: string, clock: Clock): Promise<Vendor> => {
  const file = (name: string): string => join(dataDir, 'vendor', name);
  const vendorKey = await readPrivateKeyFile(file('vendor-root.private.json'));
  const hostKey = await readPrivateKeyFile(file('host-key.private.json'));
  const certify = (key: SigningKey) => developmentHostCertificate({ vendorKey, hostPublicKey: key.publicJwk, nowMs: clock.nowMs() });

  const leaseOf = async (key: SigningKey, machine: string): Promise<string> => {
    const iat = toNumericDate(clock.nowMs());
    const { jws } = await certify(key);
    const claims: LeaseClaims = {
      iss: key.id,
      sub: machine,
      aud: WORKSTATION,
      jti: randomUUID(),
      iat,
      exp: iat + LEASE_SECONDS,
      cnf: { jkt: machine },
      count: 25,
      threshold: 25,
      position: 1,
      head: Buffer.alloc(32).toString('base64url'),
      chain: [jws],
    };
    return signLease(claims, key);
  };

  return {
    certifyAnew: async () => writeFileSync(file('host-certificate.jws'), `${(await certify(hostKey)).jws}\n`),
    leaseOfAnotherHost: (machine) => leaseOf(generateKeyPair(), machine),
    unrecordedLease: (machine) => leaseOf(hostKey, machine),
  };
};
