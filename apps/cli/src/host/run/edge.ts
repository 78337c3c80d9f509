import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import type { HostTrust } from '../../access/trusting-fetch.js';
import { CliFailure } from '../../failure/cli-failure.js';

/** Where a host is reached from outside its own machine, if it is. */
export interface Edge {
  readonly address: string;
  /** PEM, of the files named; of the certificate its SHA-256, by which the local command line knows the host again. */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string; readonly fingerprint: string };
}

export interface EdgeOptions {
  readonly address?: string;
  readonly tlsCertificate?: string;
  readonly tlsKey?: string;
}

const LOOPBACK = '127.0.0.1';
const ANY: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

const isLoopbackAddress = (address: string): boolean => address === '::1' || address.startsWith('127.');

const fingerprintOf = (file: string): string => {
  try {
    return new X509Certificate(readFileSync(file)).fingerprint256;
  } catch (error) {
    throw new CliFailure('usage', `The certificate cannot be read from ${file}: ${(error as NodeJS.ErrnoException).code ?? 'it is not PEM'}.`, { cause: error });
  }
};

/** @throws CliFailure `usage` */
export const edgeOf = ({ address = LOOPBACK, tlsCertificate, tlsKey }: EdgeOptions): Edge => {
  if (isIP(address) === 0) throw new CliFailure('usage', `${address} is not an IP address.`, { remedy: 'Give one of this machine, or 0.0.0.0 for all of them.' });
  if ((tlsCertificate === undefined) !== (tlsKey === undefined)) throw new CliFailure('usage', 'A certificate and its key come together: --tls-certificate and --tls-key.');
  if (tlsCertificate === undefined || tlsKey === undefined) return { address };
  const certificateFile = resolve(tlsCertificate);
  return { address, tls: { certificateFile, keyFile: resolve(tlsKey), fingerprint: fingerprintOf(certificateFile) } };
};

/** Where the host is reached from this machine. */
export const localUrl = ({ address, tls }: Edge, port: number): string => {
  const local = ANY.has(address) ? LOOPBACK : address;
  return `${tls === undefined ? 'http' : 'https'}://${isIPv6(local) ? `[${local}]` : local}:${port}`;
};

/** How a service is asked from here. */
export interface Reach {
  readonly url: string;
  readonly trust?: HostTrust;
}

export const plainReach = (port: number): Reach => ({ url: `http://${LOOPBACK}:${port}` });

/** Only the gateway is anywhere else than on plain loopback. */
export const reachOf = ({ kind, port }: { readonly kind: string; readonly port: number }, edge: Edge): Reach => {
  if (kind !== 'gateway') return plainReach(port);
  return { url: localUrl(edge, port), ...(edge.tls === undefined ? {} : { trust: { fingerprint: edge.tls.fingerprint } }) };
};

/** Whether machines elsewhere reach it, and administrators must not without TLS. */
export const isPlainOutside = ({ address, tls }: Edge): boolean => tls === undefined && !isLoopbackAddress(address);

/**
 * What the gateway is told. Reached from its own machine alone, a host limits nobody by default: a fleet for trying things out, a bench and a proxy that
 * is not named as one all come from one address. What is set for it explicitly holds in any case.
 */
export const edgeEnv = ({ address, tls }: Edge): NodeJS.ProcessEnv => ({
  MUSTER_HTTP_ADDRESS: address,
  ...(tls === undefined ? {} : { MUSTER_TLS_CERTIFICATE_FILE: tls.certificateFile, MUSTER_TLS_KEY_FILE: tls.keyFile }),
  ...(isLoopbackAddress(address) ? { MUSTER_ADDRESS_REQUESTS_PER_SECOND: '0', MUSTER_MACHINE_REQUESTS_PER_SECOND: '0' } : {}),
});
