import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CertificateInForce } from '@muster/domain';
import type { ServiceClock } from '@muster/service';
import { refuseControlledClock, setting } from '@muster/service';
import type { PublicJwk, SigningKey } from '@muster/trust';
import { digestOf, readPrivateKeyFile, readPublicKeyFile, verifyHostCertificate } from '@muster/trust';
import { z } from 'zod';

const file = z.string().min(1);

/** The settings of a service that signs leases. */
export const credentialsConfig = {
  /** The vendor's public root key (JWK): certificates are believed by this key alone. */
  vendorRootFile: setting('MUSTER_VENDOR_ROOT_FILE', file),
  /** A host certificate to be recorded at start, where it does not come by `muster host activate`; the intermediate's on a line of its own after it. */
  hostCertificateFile: setting('MUSTER_HOST_CERTIFICATE_FILE', file.optional()),
  /** The host's private key (JWK, readable by nobody else): signs leases and receipts, or vouches for the keys that do. */
  hostKeyFile: setting('MUSTER_HOST_KEY_FILE', file),
  /** Where the keys are that the host key vouches for; `keys` beside the host key unless given. They are read when they come into use, and removed when they are not to sign any more. */
  signingKeysDirectory: setting('MUSTER_SIGNING_KEYS_DIR', file.optional()),
};

/** What this process signs with, and the vendor's word that it may. */
export interface HostCredentials {
  /** What leases of other hosts are believed by, and every certificate. */
  readonly root: PublicJwk;
  readonly key: SigningKey;
  /** The one to be recorded at start, if any; what is in force the ledger says. */
  readonly certificate: CertificateInForce | undefined;
  readonly signingKeysDirectory: string;
}

interface CredentialFiles {
  readonly vendorRootFile: string;
  readonly hostKeyFile: string;
  readonly hostCertificateFile?: string | undefined;
  readonly signingKeysDirectory?: string | undefined;
}

const readCertificate = async (path: string, { root, key, clock }: { readonly root: PublicJwk; readonly key: SigningKey; readonly clock: ServiceClock }): Promise<CertificateInForce> => {
  const [jws = '', intermediate] = (await readFile(path, 'utf8')).trim().split(/\s+/);
  // Whether it is valid now is decided request by request: an expired certificate must not keep the host from saying so.
  const claims = await verifyHostCertificate(jws, { root, atMs: 'any-time', intermediate });
  if (claims.sub !== key.id) throw new Error(`the certificate in ${path} is for host ${claims.sub}, and the key is that of ${key.id}`);
  refuseControlledClock(clock, claims);
  return { jws, digest: digestOf(jws), claims, ...(intermediate === undefined ? {} : { intermediate }) };
};

/**
 * Reads and checks the host's key and certificate. Policies come from certificates and from nowhere else: one that the vendor did not
 * sign, in every byte, keeps the service from starting.
 *
 * @throws Error when the certificate was not signed by the pinned root, or is for another key; ConfigError for a controlled clock in production
 */
export const loadHostCredentials = async (files: CredentialFiles, clock: ServiceClock): Promise<HostCredentials> => {
  const root = await readPublicKeyFile(files.vendorRootFile);
  const key = await readPrivateKeyFile(files.hostKeyFile);
  const certificate = files.hostCertificateFile === undefined ? undefined : await readCertificate(files.hostCertificateFile, { root, key, clock });
  return { root, key, certificate, signingKeysDirectory: files.signingKeysDirectory ?? join(dirname(files.hostKeyFile), 'keys') };
};
