import { once } from 'node:events';
import { createServer } from 'node:net';

const INFO = { server_id: 'STUB', server_name: 'stub', version: '2.9.10', go: '', proto: 1, headers: true, max_payload: 1_048_576, client_id: 1, host: '127.0.0.1', port: 0 };

interface NatsStub {
  readonly url: string;
  close(): Promise<void>;
}

/** As much of NATS as it takes to be connected: it greets, answers pings and hears nothing else. The bus itself is tested on a real server. */
export async function startNatsStub(): Promise<NatsStub> {
  const server = createServer((socket) => {
    socket.write(`INFO ${JSON.stringify(INFO)}\r\n`);
    socket.on('data', (data) => {
      for (const _ of data.toString('latin1').matchAll(/^PING\r$/gm)) socket.write('PONG\r\n');
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  return {
    url: `nats://127.0.0.1:${port}`,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
