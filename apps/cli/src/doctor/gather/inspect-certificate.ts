import { isIP } from 'node:net';
import { connect, rootCertificates, type TLSSocket } from 'node:tls';
import type { HostTrust } from '../../access/trusting-fetch.js';
import type { CertificateFacts } from '../facts.js';
import { type HostPlace, lookupOf } from './request-host.js';

/** What is wrong with dates and names is said by findings of its own. */
const OTHER_FINDINGS: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID'];

const HTTPS_PORT = 443;

const untrustedWords = ({ authorizationError }: TLSSocket): string | null => {
  // Declared as an error: Node gives one for a wrong name, the code alone for all else, and null when there is nothing to say.
  const error = authorizationError as NodeJS.ErrnoException | string | null;
  const code = error === null || typeof error === 'string' ? error : (error.code ?? error.message);
  return code !== null && !OTHER_FINDINGS.includes(code) ? code : null;
};

const factsOf = (socket: TLSSocket, { name, fingerprint }: { readonly name: string; readonly fingerprint: string | undefined }): CertificateFacts | undefined => {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const pinned = fingerprint !== undefined && certificate.fingerprint256 === fingerprint; // a host of this machine is known by its very certificate
  return {
    validFromMs: Date.parse(certificate.validFrom),
    validToMs: Date.parse(certificate.validTo),
    names: certificate.subjectAltName ?? '',
    namesHost: pinned || (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined,
    untrusted: pinned ? null : untrustedWords(socket),
  };
};

/** Looks at the certificate that a host shows, whatever it is worth. Rejects when no TLS session comes about in time. */
export const inspectCertificate = ({ address, addresses }: HostPlace, { trust, timeoutMs }: { readonly trust: HostTrust | undefined; readonly timeoutMs: number }): Promise<CertificateFacts> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const name = hostname.replace(/^\[|\]$/g, '');
    const lookup = lookupOf(addresses);
    const socket = connect({
      host: name,
      port: port === '' ? HTTPS_PORT : Number(port),
      rejectUnauthorized: false,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(trust?.ca === undefined ? {} : { ca: [...rootCertificates, trust.ca] }),
      ...(lookup === undefined ? {} : { lookup }),
    });
    const ends = setTimeout(() => socket.destroy(new Error('no answer in time')), timeoutMs);
    socket.once('close', () => clearTimeout(ends));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const facts = factsOf(socket, { name, fingerprint: trust?.fingerprint });
      socket.destroy();
      if (facts === undefined) reject(new Error('no certificate was shown'));
      else resolve(facts);
    });
  });
