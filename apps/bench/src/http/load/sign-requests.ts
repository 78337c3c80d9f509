import { SECOND_MS, systemDraws } from '@muster/kernel';
import { generateKeyPair, signActivationRequest } from '@muster/trust';

/** Signed at once: enough to keep libuv's threads busy. */
const CHUNK = 256;

const signOne = (hostname: string): Promise<string> =>
  signActivationRequest({
    key: generateKeyPair(),
    payload: { jti: systemDraws.uuid(), iat: Math.floor(Date.now() / SECOND_MS), product: 'acme.workstation', machine: { hostname, virtual: false } },
  });

const asHttp = (url: string, jws: string): Buffer =>
  Buffer.from(`POST /v1/activations HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/jose\r\nContent-Length: ${jws.length}\r\n\r\n${jws}`, 'latin1');

/** Whole HTTP requests, each of a machine with a new key of its own: nothing is left to do in the measured time but to send them. */
export const signRequests = async (url: string, count: number): Promise<readonly Buffer[]> => {
  const requests: Buffer[] = [];
  while (requests.length < count) {
    const from = requests.length;
    const chunk = Array.from({ length: Math.min(CHUNK, count - from) }, (_, index) => signOne(`ws-${from + index + 1}`));
    for (const jws of await Promise.all(chunk)) requests.push(asHttp(url, jws));
  }
  return requests;
};
