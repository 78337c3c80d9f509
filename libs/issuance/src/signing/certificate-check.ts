import { canonicalJson } from '@muster/contracts';
import type { CertificateInForce } from '@muster/domain';
import { Problem } from '@muster/kernel';
import type { PublicJwk } from '@muster/trust';
import { digestOf, isTokenRefused, verifyHostCertificate, verifyIntermediateCertificate } from '@muster/trust';

/** A recorded certificate that may be acted on, or why not. */
export type CertificateVerdict = { readonly status: 'good'; /** The vendor's intermediate that signed it. */ readonly intermediate: string | undefined } | { readonly status: 'refused'; readonly problem: Problem };

const refused = (detail: string, cause?: unknown): CertificateVerdict => ({
  status: 'refused',
  problem: new Problem('host-certificate-not-valid', `The certificate in the ledger is not what the vendor signed: ${detail}. Nothing is decided by it.`, cause === undefined ? {} : { cause }),
});

const thumbprintOfIntermediate = async (jws: string, root: PublicJwk): Promise<string> => (await verifyIntermediateCertificate(jws, { root, atMs: 'any-time' })).sub;

const check = async ({ jws, digest, claims, intermediate }: CertificateInForce, root: PublicJwk): Promise<CertificateVerdict> => {
  try {
    const signed = await verifyHostCertificate(jws, { root, atMs: 'any-time', intermediate });
    if (digestOf(jws) !== digest) return refused('its digest is another');
    // What decides are the recorded claims: an edited threshold is found here.
    if (canonicalJson(signed) !== canonicalJson(claims)) return refused('its policies were changed');
    return { status: 'good', intermediate: intermediate === undefined ? undefined : await thumbprintOfIntermediate(intermediate, root) };
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return refused(error.detail, error);
  }
};

/** Holds certificates of the ledger against the pinned root: each once, however often it is decided by. */
export const createCertificateCheck = (root: PublicJwk): ((certificate: CertificateInForce) => Promise<CertificateVerdict>) => {
  const verdicts = new WeakMap<CertificateInForce, Promise<CertificateVerdict>>();
  return (certificate) => {
    const known = verdicts.get(certificate) ?? check(certificate, root);
    verdicts.set(certificate, known);
    return known;
  };
};
