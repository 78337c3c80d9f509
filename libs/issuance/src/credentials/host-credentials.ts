import { readFile } from 'node:fs/promises';
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
  /** The host certificate that the vendor signed. It takes effect by being recorded. */
  hostCertificateFile: setting('MUSTER_HOST_CERTIFICATE_FILE', file),
  /** The host's private key (JWK, readable by nobody else): signs leases and receipts. */
  hostKeyFile: setting('MUSTER_HOST_KEY_FILE', file),
};

/** What this process signs with, and the vendor's word that it may. */
export interface HostCredentials {
  /** What leases of other hosts are believed by. */
  readonly root: PublicJwk;
  readonly key: SigningKey;
  readonly certificate: CertificateInForce;
}

type CredentialFiles = { readonly [Name in keyof typeof credentialsConfig]: string };

/**
 * Reads and checks the host's key and certificate. Policies come from this certificate and from nowhere else: one that the vendor did not
 * sign, in every byte, keeps the service from starting.
 *
 * @throws Error when the certificate was not signed by the pinned root, or is for another key; ConfigError for a controlled clock in production
 */
export const loadHostCredentials = async (files: CredentialFiles, clock: ServiceClock): Promise<HostCredentials> => {
  const root = await readPublicKeyFile(files.vendorRootFile);
  const key = await readPrivateKeyFile(files.hostKeyFile);
  const jws = (await readFile(files.hostCertificateFile, 'utf8')).trim();
  // Whether it is valid now is decided request by request: an expired certificate must not keep the host from saying so.
  const claims = await verifyHostCertificate(jws, { root, atMs: 'any-time' });
  if (claims.sub !== key.id) throw new Error(`the certificate in ${files.hostCertificateFile} is for host ${claims.sub}, and the key is that of ${key.id}`);
  refuseControlledClock(clock, claims);
  return { root, key, certificate: { jws, digest: digestOf(jws), claims } };
};
