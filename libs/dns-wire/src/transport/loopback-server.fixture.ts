import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Protocol } from './exchange.js';
import type { ServerAddress } from './server-address.js';
import { frameReader } from './tcp-attempt.js';

/** What the server does with a request; over TCP the answers are framed, unless `raw`. */
export type Script = (request: Buffer, peer: { readonly protocol: Protocol; readonly answer: (bytes: Uint8Array) => void; readonly raw: (bytes: Uint8Array) => void; readonly close: () => void }) => void;

export interface LoopbackServer {
  readonly server: ServerAddress;
  /** By which each request came. */
  readonly requests: readonly Protocol[];
  /** Settles when every connection that was made is gone. */
  readonly quiet: () => Promise<void>;
  readonly close: () => void;
}

/** A DNS server on 127.0.0.1, one port for TCP and UDP, which does what a test says. */
export async function loopbackServer(script: Script): Promise<LoopbackServer> {
  const requests: Protocol[] = [];
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    socket.on('error', () => undefined);
    const answer = (bytes: Uint8Array): void => void socket.write(Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]));
    socket.on(
      'data',
      frameReader((request) => {
        requests.push('tcp');
        script(request, { protocol: 'tcp', answer, raw: (bytes) => socket.write(bytes), close: () => socket.end() });
      }),
    );
  });
  await once(tcp.listen(0, '127.0.0.1'), 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', (request, { address, port: to }) => {
    requests.push('udp');
    const answer = (bytes: Uint8Array): void => udp.send(bytes, to, address);
    script(request, { protocol: 'udp', answer, raw: answer, close: () => undefined });
  });
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  const close = (): void => {
    sockets.forEach((socket) => socket.destroy());
    tcp.close();
    udp.close();
  };
  const quiet = async (): Promise<void> => {
    for (const socket of sockets) await once(socket, 'close');
  };
  return { server: { address: '127.0.0.1', port }, requests, quiet, close };
}
