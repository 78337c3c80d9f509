import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IntermediateCertificateClaims } from '@muster/contracts';
import type { AdoptedCatalogue, HostKey } from '@muster/domain';
import { toNumericDate } from '@muster/kernel';
import type { PublicJwk, SigningKey, VerifiedHostPolicies } from '@muster/trust';
import { issueHostPolicies, readPrivateKeyFile, readPublicKeyFile, verifyHostPolicies, verifyIntermediateCertificate } from '@muster/trust';
import type { AuthorityConfig } from '../authority.config.js';

/** What this authority signs with: an intermediate, and the root's word for it. */
export interface VendorSigner {
  readonly vendor: string;
  readonly root: PublicJwk;
  readonly key: SigningKey;
  readonly chain: readonly [string];
  readonly intermediate: IntermediateCertificateClaims;
}

/**
 * Reads and checks the signing key and its certificate. Whether the certificate is valid now is judged whenever something is signed.
 *
 * @throws Error when the root did not sign the certificate, it is for another key, or the private key is open to others
 */
export const loadVendorSigner = async (files: Pick<AuthorityConfig, 'vendorRootFile' | 'intermediateKeyFile' | 'intermediateCertificateFile'>): Promise<VendorSigner> => {
  const root = await readPublicKeyFile(files.vendorRootFile);
  const key = await readPrivateKeyFile(files.intermediateKeyFile);
  const jws = (await readFile(files.intermediateCertificateFile, 'utf8')).trim();
  const intermediate = await verifyIntermediateCertificate(jws, { root, atMs: 'any-time' });
  if (intermediate.sub !== key.id) throw new Error(`the certificate in ${files.intermediateCertificateFile} is for ${intermediate.sub}, and the key is ${key.id}`);
  return { vendor: intermediate.iss, root, key, chain: [jws], intermediate };
};

/** What was decided before this intermediate was made is dated with its beginning: nothing of an intermediate is believed that is older than itself. */
export const signedAt = ({ intermediate }: VendorSigner, decidedAtMs: number): number => Math.max(toNumericDate(decidedAtMs), intermediate.nbf);

const UUID_VERSION_8 = 0x80;
const UUID_VARIANT = 0x80;

/** A UUID of version 8 (RFC 9562 section 5.8): the same key, catalogue and signer make the same file, whichever replica is asked. */
const policiesIdOf = (parts: readonly string[]): string => {
  const bytes = createHash('sha256').update(['muster host policies', ...parts].join('\n')).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | UUID_VERSION_8;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | UUID_VARIANT;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/**
 * The policies file of a host key under a catalogue: a function of what is recorded and of the signer, so that it is stored nowhere.
 *
 * @throws Error when the catalogue does not list the group that the key covers
 */
export const hostPoliciesOf = async (signer: VendorSigner, { keyId, organisation, coversGroup, issuedAtMs }: HostKey, { digest, catalogue, adoptedAtMs }: AdoptedCatalogue): Promise<VerifiedHostPolicies> => {
  const { vendor, certificateDays: _, ...terms } = catalogue;
  const claims = {
    ...terms,
    iss: vendor,
    iat: signedAt(signer, Math.max(issuedAtMs, adoptedAtMs)),
    jti: policiesIdOf([keyId, digest, signer.key.id]),
    ...{ keyId, organisation, coversGroup },
    chain: [...signer.chain],
  };
  return verifyHostPolicies(await issueHostPolicies({ claims, vendorKey: signer.key }), { root: signer.root, atMs: 'any-time' });
};
