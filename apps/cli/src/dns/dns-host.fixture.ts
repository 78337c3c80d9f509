import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { painter } from '../terminal/paint.js';
import type { Terminal } from '../terminal/terminal.js';

/** What a command asked of the host. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface AnsweringHost {
  /** The options that lead a command there. */
  readonly access: { readonly host: string; readonly token: string };
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

const TOKEN = 'an-operator-token-0123456789';

/** A host that answers each request by its method and path, and with a problem document where the answer says a status. */
export const answeringHost = async (answers: Readonly<Record<string, object>>): Promise<AnsweringHost> => {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, path: url, authorization: headers.authorization, body: text === '' ? undefined : JSON.parse(text) });
      const answer = answers[`${method} ${url.split('?')[0] ?? ''}`] ?? { status: 404, type: 'about:blank', title: 'Nothing there', detail: `nothing at ${url}`, code: 'not-found' };
      const status = 'status' in answer && typeof answer.status === 'number' ? answer.status : 200;
      response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'application/problem+json', connection: 'close' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { access: { host: `http://127.0.0.1:${port}`, token: TOKEN }, asked, close: () => new Promise((resolve) => server.close(() => resolve())) };
};

/** A terminal that keeps what is written to it. */
export const keepingTerminal = ({ json = false } = {}): { readonly terminal: Terminal; readonly data: string[]; readonly notes: string[] } => {
  const data: string[] = [];
  const notes: string[] = [];
  const paint = painter(false);
  return { data, notes, terminal: { json, verbose: false, watched: false, data: (line) => void data.push(line), note: (line) => void notes.push(line), progress: () => undefined, paint, paintData: paint } };
};
