import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostCertificateClaims } from '@muster/contracts';
import type { PublicJwk, SigningKey } from '@muster/trust';
import { developmentHostCertificate, generateKeyPair, writePrivateKeyFile, writePublicKeyFile } from '@muster/trust';

export interface CertifiedHost {
  /** What machines pin. */
  readonly root: PublicJwk;
  /** Thumbprint of the host's key, which its leases name. */
  readonly id: string;
}

export interface CertifyOptions {
  readonly vendorKey: SigningKey;
  readonly nowMs: number;
  /** Replaces whole claims of the development catalogue: other policies. */
  readonly overrides?: Partial<HostCertificateClaims>;
}

/** Puts a key and a certificate of the vendor's into a host's directory, before its first start. The vendor's own private key stays with the caller. */
export const certifyHost = async (dataDir: string, { vendorKey, nowMs, overrides = {} }: CertifyOptions): Promise<CertifiedHost> => {
  const dir = join(dataDir, 'vendor');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const hostKey = generateKeyPair();
  const { jws } = await developmentHostCertificate({ vendorKey, hostPublicKey: hostKey.publicJwk, nowMs, overrides });
  await writePublicKeyFile(join(dir, 'vendor-root.public.json'), vendorKey.publicJwk);
  await writePrivateKeyFile(join(dir, 'host-key.private.json'), hostKey);
  writeFileSync(join(dir, 'host-certificate.jws'), `${jws}\n`);
  return { root: vendorKey.publicJwk, id: hostKey.id };
};
