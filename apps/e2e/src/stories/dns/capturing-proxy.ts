import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Somebody on the way between the registrar and its server, who keeps what goes by. */
export interface CapturingProxy {
  readonly address: string;
  /** Every dynamic update so far, as it was sent. */
  readonly updates: () => readonly Buffer[];
  readonly stop: () => Promise<void>;
}

/** Over TCP a message comes behind two bytes of its length (RFC 1035 section 4.2.2). */
const LENGTH_BYTES = 2;
const FLAGS_AT = LENGTH_BYTES + 2;
const OPCODE_UPDATE = 5;
const REPLAY_TIMEOUT_MS = 10_000;

const messagesIn = (bytes: Buffer): readonly Buffer[] => {
  const messages: Buffer[] = [];
  for (let at = 0; at + LENGTH_BYTES <= bytes.length; ) {
    const end = at + LENGTH_BYTES + bytes.readUInt16BE(at);
    if (end > bytes.length) break;
    messages.push(bytes.subarray(at, end));
    at = end;
  }
  return messages;
};

const isUpdate = (message: Buffer): boolean => (((message[FLAGS_AT] ?? 0) >> 3) & 0xf) === OPCODE_UPDATE;

export const startCapturingProxy = async (port: number): Promise<CapturingProxy> => {
  const sent: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const index = sent.push(Buffer.alloc(0)) - 1;
    const upstream = connect(port, '127.0.0.1');
    client.on('data', (bytes) => {
      sent[index] = Buffer.concat([sent[index] ?? Buffer.alloc(0), bytes]);
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    updates: () => sent.flatMap(messagesIn).filter(isUpdate),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

/** Sends a captured message once more, byte for byte, and answers the response code. */
export const sendAgain = async (message: Buffer, port: number): Promise<number> => {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(REPLAY_TIMEOUT_MS, () => socket.destroy(new Error('the server does not answer what was captured')));
  socket.write(message);
  let answer = Buffer.alloc(0);
  try {
    for await (const bytes of socket) {
      answer = Buffer.concat([answer, bytes as Buffer]);
      if (answer.length >= FLAGS_AT + 2) break;
    }
  } finally {
    socket.destroy();
  }
  return (answer[FLAGS_AT + 1] ?? 0) & 0xf;
};
