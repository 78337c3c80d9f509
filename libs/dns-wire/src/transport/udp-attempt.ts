import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { DnsFailure } from '../dns-failure.js';
import { settleOnce, timedOut, unreachable, type Attempt } from './attempt.js';

/** What fits a datagram without EDNS (RFC 1035 section 4.2.1); more goes over TCP. */
export const UDP_BYTES_MAX = 512;

/**
 * Sends one datagram from a port of its own, once, and listens until the answer or the deadline. The socket is connected, so the system drops what
 * comes from elsewhere. A failure that is not authenticated does not end the wait: anybody can send one before the true answer is there. It is what
 * the wait ends with when nothing better came.
 */
export function udpAttempt<Answer>({ server, request, deadlineMs, judge }: Attempt<Answer>): Promise<Answer> {
  let sent = false;
  let doubtful: DnsFailure | undefined;
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
  let open = true;
  const dispose = (): void => {
    open = false;
    socket.close();
  };
  return settleOnce<Answer>({ deadlineMs, onDeadline: () => doubtful ?? timedOut(server, sent), dispose }, ({ resolve, reject }) => {
    const fail = (cause: Error): void => reject(unreachable(server, { cause, sent: false }));
    socket.on('error', fail);
    socket.on('message', (message) => {
      const verdict = judge(message);
      if (verdict.kind === 'accepted') resolve(verdict.answer);
      if (verdict.kind === 'failed' && verdict.failure.authenticated) reject(verdict.failure);
      if (verdict.kind === 'failed') doubtful = verdict.failure;
    });
    socket.on('connect', () => {
      if (!open) return; // the deadline came first
      sent = true;
      socket.send(request, (cause) => cause && fail(cause));
    });
    socket.connect(server.port, server.address);
  });
}
