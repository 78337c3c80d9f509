import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

export interface CapturingProxy {
  readonly address: string;
  /** What clients sent, one entry for each connection. */
  readonly captured: readonly Buffer[];
  /** From now on answers are swallowed: what is asked is done, and nobody hears of it. */
  readonly swallowAnswers: (swallow: boolean) => void;
  readonly stop: () => Promise<void>;
}

const OPCODE_UPDATE = 5;
/** Behind two bytes of length and two of id. */
const FLAGS_AT = 4;

export const isUpdate = (sent: Buffer): boolean => (((sent[FLAGS_AT] ?? 0) >> 3) & 0xf) === OPCODE_UPDATE;

/** Stands between a registrar and its server, over TCP, as somebody on the network could. */
export const capturingProxy = async (port: number): Promise<CapturingProxy> => {
  const captured: Buffer[] = [];
  let swallow = false;
  const server = createServer((client) => {
    const index = captured.push(Buffer.alloc(0)) - 1;
    const upstream = connect(port, '127.0.0.1');
    client.on('data', (bytes) => {
      captured[index] = Buffer.concat([captured[index] ?? Buffer.alloc(0), bytes]);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => (swallow && isUpdate(captured[index] ?? Buffer.alloc(0)) ? client.destroy() : client.write(bytes)));
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    captured,
    swallowAnswers: (now) => {
      swallow = now;
    },
    stop: async () => {
      server.close();
      await once(server, 'close');
    },
  };
};

/** Sends the bytes as they were, and answers the response code. */
export const replay = (bytes: Buffer, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let answer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (more) => {
      answer = Buffer.concat([answer, more]);
      if (answer.length < FLAGS_AT + 2) return;
      socket.destroy();
      resolve((answer[FLAGS_AT + 1] ?? 0) & 0xf);
    });
  });
