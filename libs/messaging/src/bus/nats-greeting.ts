import { connect } from 'node:net';

const NATS_PORT = 4222;

/** Host and port of a server as NATS's clients spell it: `nats://host:port`, `host:port` or `host`. */
function addressOf(server: string): { readonly host: string; readonly port: number } {
  const url = new URL(server.includes('://') ? server : `nats://${server}`);
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? NATS_PORT : Number(url.port) };
}

function greets(server: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(addressOf(server));
    const end = (greeted: boolean): void => {
      socket.destroy();
      resolve(greeted);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('data', () => end(true));
  });
}

/**
 * Whether any of these servers says hello.
 *
 * Asked before dialling again, because the client leaks the socket of an attempt that times out: a server that stays frozen (SIGSTOP, a full
 * disk) for an hour would cost a thousand of them.
 */
export async function isGreeted(servers: readonly string[], timeoutMs: number): Promise<boolean> {
  const greetings = servers.map(async (server) => {
    if (!(await greets(server, timeoutMs))) throw new Error(`${server} is silent`);
  });
  return Promise.any(greetings).then(
    () => true,
    () => false,
  );
}
