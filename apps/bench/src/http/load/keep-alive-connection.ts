import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { HttpAnswer } from './answer-reader.js';
import { AnswerReader } from './answer-reader.js';

/** One request at a time, over one connection. */
export interface KeepAliveConnection {
  /** Sends a whole request and answers its answer. Rejects when the connection ends before that. */
  readonly send: (request: Uint8Array) => Promise<HttpAnswer>;
  readonly close: () => void;
}

interface Waiting {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
}

const attach = (socket: Socket): KeepAliveConnection => {
  const reader = new AnswerReader();
  let waiting: Waiting | undefined;
  const fail = (error: Error): void => {
    socket.destroy();
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('data', (chunk) => {
    try {
      const answer = reader.push(chunk);
      if (answer === undefined) return;
      const { resolve } = waiting ?? {};
      waiting = undefined;
      resolve?.(answer);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the host closed the connection')));
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => void socket.destroy(),
  };
};

export const openConnection = async (url: string): Promise<KeepAliveConnection> => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  return attach(socket);
};
