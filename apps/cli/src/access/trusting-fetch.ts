import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { connect } from 'node:tls';

/** What proves a host over TLS, beside what the system trusts anyway: the certificates of an organisation's own CA, or the one certificate that a local host was started with. */
export interface HostTrust {
  /** PEM. */
  readonly ca?: string;
  /** SHA-256 of the host's certificate, as OpenSSL writes it. */
  readonly fingerprint?: string;
}

export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

type Connected = (error: Error | null, socket: Socket) => void;

/** Speaks to nobody but who holds that certificate, whatever its name and whoever issued it: nothing is sent before that is known. */
const pinned = ({ hostname, port }: URL, fingerprint: string) => (_options: unknown, connected: Connected): undefined => {
  const name = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host: name, port: Number(port), rejectUnauthorized: false, ...(isIP(name) === 0 ? { servername: name } : {}) });
  socket.once('error', (error) => connected(error, socket));
  socket.once('secureConnect', () => {
    if (socket.getPeerCertificate().fingerprint256 === fingerprint) return connected(null, socket);
    socket.destroy();
    connected(new Error('another certificate than the host was started with'), socket);
  });
  return undefined;
};

const overTls = (address: string, { method = 'GET', headers = {}, body, signal }: FetchInit, { ca, fingerprint }: HostTrust): Promise<Response> =>
  new Promise((resolve, reject) => {
    const url = new URL(address);
    const options = { method, headers, signal, ...(ca === undefined ? {} : { ca }), ...(fingerprint === undefined ? {} : { createConnection: pinned(url, fingerprint) as never }) };
    const request = httpsRequest(url, options, (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 300 && status < 400) {
        response.destroy();
        return reject(new Error('redirected')); // it would carry the token elsewhere
      }
      const received = new Headers(Object.entries(response.headers).map(([name, value]): [string, string] => [name, [value].flat().join(', ')]));
      resolve(new Response(Readable.toWeb(response) as ReadableStream, { status, statusText: response.statusMessage ?? '', headers: received }));
    });
    request.once('error', reject);
    request.end(body);
  });

/** `fetch`, for a host whose certificate the system does not know. Follows no redirect. */
export const fetchTrusting = (url: string, init: FetchInit, trust: HostTrust | undefined): Promise<Response> =>
  trust !== undefined && url.startsWith('https:') ? overTls(url, init, trust) : fetch(url, { ...init, redirect: 'error' });
