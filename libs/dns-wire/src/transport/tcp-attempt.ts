import { createConnection } from 'node:net';
import { WireWriter } from '../bytes/wire-writer.js';
import { DnsFailure } from '../dns-failure.js';
import { settleOnce, timedOut, unreachable, type Attempt } from './attempt.js';
import { formatServerAddress } from './server-address.js';

const LENGTH_BYTES = 2; // RFC 1035 section 4.2.2

/** Sends one request over a connection of its own, and reads until the answer to it, a failure or the deadline. */
export function tcpAttempt<Answer>({ server, request, deadlineMs, judge }: Attempt<Answer>): Promise<Answer> {
  let sent = false;
  const socket = createConnection({ host: server.address, port: server.port, noDelay: true });
  const closed = (): DnsFailure => new DnsFailure('unreachable', `${formatServerAddress(server)} closed the connection without an answer`, { outcomeUnknown: sent });

  return settleOnce<Answer>({ deadlineMs, onDeadline: () => timedOut(server, sent), dispose: () => socket.destroy() }, ({ resolve, reject }) => {
    const frames = frameReader((message) => {
      const verdict = judge(message);
      if (verdict.kind === 'accepted') resolve(verdict.answer);
      if (verdict.kind === 'failed') reject(verdict.failure);
    });
    socket.on('connect', () => {
      sent = true;
      // Length and message in one write: some servers read the two with one call.
      socket.write(new WireWriter().counted(request, 'the message').finish());
    });
    socket.on('data', frames);
    socket.on('error', (cause) => reject(unreachable(server, { cause, sent })));
    socket.on('close', () => reject(closed()));
  });
}

/** Cuts a stream into messages, each behind its length; holds at most one unfinished message of 64 KiB and what came with it. */
export function frameReader(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + rest.readUInt16BE(0);
      if (rest.length < end) return;
      onMessage(rest.subarray(LENGTH_BYTES, end));
      rest = rest.subarray(end);
    }
  };
}
