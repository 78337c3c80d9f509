import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A request that reached the proxy and not the server. */
export interface HeldRequest {
  /** Lets it through, whether its client still waits or not. Resolves when the server has answered it. */
  readonly release: () => Promise<void>;
}

/** Stands between a client and a server on this machine, and fails as networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Lets the next request that contains the text through, swallows its answer and then cuts the client off. Resolves when that is done. */
  readonly dropReplyTo: (text: string) => Promise<void>;
  /** Holds the next request that contains the text, and whatever follows it on its connection. Resolves when it is held. */
  readonly holdRequest: (text: string) => Promise<HeldRequest>;
  /** Cuts new connections off at once, or no longer does. */
  readonly refuseConnections: (refuse: boolean) => void;
  /** From now on nothing passes, in either direction, and nothing is closed: a network that lost its cable. */
  readonly freeze: () => void;
  readonly close: () => Promise<void>;
}

type Fault = (connection: Connection, chunk: Buffer) => void;

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  /** Takes what the server sends instead of the client. */
  divertReply?: (chunk: Buffer) => void;
  /** Holds what the client sends instead of the server. */
  held?: Buffer[];
}

interface Armed {
  readonly text: string;
  readonly fault: Fault;
}

const dropReply = (done: () => void): Fault => (connection, chunk) => {
  connection.divertReply = () => {
    connection.client.destroy();
    done();
  };
  connection.server.write(chunk);
};

const hold = (done: (request: HeldRequest) => void): Fault => (connection, chunk) => {
  const held = [chunk];
  connection.held = held;
  const release = (): Promise<void> =>
    new Promise((resolve) => {
      connection.divertReply = (reply) => {
        connection.client.write(reply);
        resolve();
      };
      delete connection.held;
      connection.server.write(Buffer.concat(held));
    });
  done({ release });
};

/** Starts a proxy on a free port of the loopback interface in front of a local server. */
export const startTcpProxy = async (target: { readonly host: string; readonly port: number }): Promise<TcpProxy> => {
  const connections = new Set<Connection>();
  const armed: Armed[] = [];
  let refusing = false;
  let frozen = false;

  const onRequest = (connection: Connection, chunk: Buffer): void => {
    if (frozen) return;
    if (connection.held !== undefined) return void connection.held.push(chunk);
    const index = armed.findIndex(({ text }) => chunk.includes(text));
    const [hit] = index < 0 ? [] : armed.splice(index, 1);
    if (hit === undefined) connection.server.write(chunk);
    else hit.fault(connection, chunk);
  };

  const accept = (client: Socket): void => {
    if (refusing) return void client.destroy();
    const connection: Connection = { client, server: connect(target) };
    connections.add(connection);
    client.on('data', (chunk) => onRequest(connection, chunk));
    connection.server.on('data', (chunk) => {
      if (frozen) return;
      if (connection.divertReply !== undefined) connection.divertReply(chunk);
      else client.write(chunk);
    });
    for (const socket of [client, connection.server]) socket.setNoDelay(true).on('error', () => undefined);
    // A client that leaves does not take back what it sent: a held request goes on to live without it.
    client.on('close', () => {
      if (connection.held === undefined && connection.divertReply === undefined && !frozen) connection.server.destroy();
    });
    connection.server.on('close', () => {
      connections.delete(connection);
      if (!frozen) client.destroy();
    });
  };

  const server = createServer(accept);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    dropReplyTo: (text) => new Promise((resolve) => armed.push({ text, fault: dropReply(resolve) })),
    holdRequest: (text) => new Promise((resolve) => armed.push({ text, fault: hold(resolve) })),
    refuseConnections: (refuse) => {
      refusing = refuse;
    },
    freeze: () => {
      frozen = true;
    },
    close: () => {
      for (const { client, server: upstream } of connections) for (const socket of [client, upstream]) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
