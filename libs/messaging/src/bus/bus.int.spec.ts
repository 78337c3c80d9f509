import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PrivateNats, startNats } from '@muster/devstack';
import { Problem, problemCatalogue, type ProblemKind } from '@muster/kernel';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { encodeProblem } from '../wire/problem-codec.js';
import { anything, numbered, quiet, untilConnected, untilDisconnected } from './bus.fixture.js';
import type { ServingBus } from './bus.js';
import { connectBus } from './connect-bus.js';

const kinds = Object.keys(problemCatalogue) as ProblemKind[];

describe('a bus on a real NATS', () => {
  let dir: string;
  let nats: PrivateNats;
  let bus: ServingBus;
  /** A plain NATS client: an organisation's own service, in any language. */
  let foreign: NatsConnection;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'muster-bus-'));
    nats = await startNats({ dir, users: [] });
    bus = connectBus({ url: nats.url, name: 'test', inboxPrefix: '_INBOX_test', log: quiet });
    await untilConnected(bus);
    foreign = await connect({ servers: nats.url });
  });

  afterAll(async () => {
    await foreign.close();
    await bus.close();
    await nats.stop();
    await rm(dir, { recursive: true });
  });

  /** Resolves once NATS knows of the listener. */
  const answering = async (subject: string, answer: (message: Msg) => void): Promise<void> => {
    foreign.subscribe(subject, { max: 1, callback: (_error, message) => answer(message) });
    await foreign.flush();
  };

  const problemOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'no problem', (error: unknown) => error);

  it('asks in plain JSON, and passes the trace along', async () => {
    await answering('plain', (message) => message.respond(JSON.stringify({ got: message.string(), trace: message.headers?.get('traceparent') })));
    const answer = await bus.request('plain', { a: [1, 'zwei'] }, { schema: anything, timeoutMs: 2000, traceparent: 'tp' });
    expect(answer).toEqual({ got: '{"a":[1,"zwei"]}', trace: 'tp' });
  });

  it.each(kinds)('rebuilds the problem %s', async (kind) => {
    const thrown = new Problem(kind, 'because', { retryAfterSeconds: 11, extensions: { serverTime: 'now' } });
    await answering('failing', (message) => {
      const marked = headers();
      marked.set('Muster-Error', kind);
      message.respond(encodeProblem(thrown), { headers: marked });
    });
    const problem = await problemOf(bus.request('failing', {}, { schema: anything, timeoutMs: 2000 }));
    expect(problem).toBeInstanceOf(Problem);
    expect({ ...(problem as Problem) }).toEqual({ ...thrown });
  });

  it('says at once that nobody answers', async () => {
    const startedAtMs = performance.now();
    expect(await problemOf(bus.request('nobody', {}, { schema: anything, timeoutMs: 20_000 }))).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 2 });
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  });

  it('stops waiting after the timeout', async () => {
    await answering('silent', () => undefined);
    expect(await problemOf(bus.request('silent', {}, { schema: anything, timeoutMs: 50 }))).toMatchObject({ kind: 'unavailable' });
  });

  it.each(['{"n":1.5}', '{', ''])('blames the other side for the answer %j', async (answer) => {
    await answering('odd', (message) => message.respond(answer));
    expect(await problemOf(bus.request('odd', {}, { schema: numbered, timeoutMs: 2000 }))).toMatchObject({ kind: 'internal' });
  });

  it('carries bytes for raw subjects', async () => {
    await answering('raw', (message) => message.respond(message.data.toReversed()));
    expect(await bus.requestRaw('raw', Uint8Array.of(1, 2, 255), { timeoutMs: 2000 })).toEqual(Uint8Array.of(255, 2, 1));
  });

  it('broadcasts to everybody else, and drops what does not fit', async () => {
    const received: unknown[] = [];
    const echoed: unknown[] = [];
    const other = connectBus({ url: nats.url, name: 'other', inboxPrefix: '_INBOX_other', log: quiet });
    await untilConnected(other);
    const own = bus.subscribe('news', { schema: numbered, onMessage: (message) => echoed.push(message) });
    const subscription = other.subscribe('news', { schema: numbered, onMessage: (message) => received.push(message) });
    await Promise.all([bus.flush(1000), other.flush(1000)]);
    foreign.publish('news', 'not json');
    foreign.publish('news', '{"n":"one"}');
    expect(bus.publish('news', { n: 2 })).toBe(true);
    foreign.publish('news', '{"n":3}');
    await foreign.flush();
    await bus.flush(1000);
    await other.flush(1000);
    await Promise.all([own.close(), other.close()]);
    await subscription.close();
    expect(received.toSorted((a, b) => (a as { n: number }).n - (b as { n: number }).n)).toEqual([{ n: 2 }, { n: 3 }]);
    expect(echoed).toEqual([{ n: 3 }]); // a writer knows what it wrote
  });

  const collect = async (stream: AsyncIterable<unknown>): Promise<unknown[]> => {
    const items: unknown[] = [];
    try {
      for await (const item of stream) items.push(item);
    } catch (error) {
      items.push((error as Problem).kind);
    }
    return items;
  };

  interface Marked {
    readonly header: readonly [string, string];
    readonly body: string;
  }

  const streaming = (subject: string, parts: readonly (string | Marked)[]): Promise<void> =>
    answering(subject, (message) => {
      for (const part of parts) {
        if (typeof part === 'string') {
          message.respond(part);
          continue;
        }
        const marked = headers();
        marked.set(...part.header);
        message.respond(part.body, { headers: marked });
      }
    });
  const streamOptions = { schema: numbered, idleTimeoutMs: 100, totalTimeoutMs: 5000 };
  const end: Marked = { header: ['Muster-Stream', 'end'], body: '' };

  it('reads a stream to its end', async () => {
    await streaming('count-up', ['{"n":1}', '{"n":2}', '{"n":3}', end, '{"n":4}']);
    expect(await collect(bus.requestStream('count-up', {}, streamOptions))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('ends a stream with the problem that ended it', async () => {
    await streaming('breaks', ['{"n":1}', { header: ['Muster-Error', 'invalid-as-of'], body: encodeProblem(new Problem('invalid-as-of', 'x')) }]);
    expect(await collect(bus.requestStream('breaks', {}, streamOptions))).toEqual([{ n: 1 }, 'invalid-as-of']);
  });

  it('takes a stream without its end for a broken one', async () => {
    await streaming('stalls', ['{"n":1}']);
    expect(await collect(bus.requestStream('stalls', {}, streamOptions))).toEqual([{ n: 1 }, 'unavailable']);
    expect(await collect(bus.requestStream('nobody', {}, { ...streamOptions, idleTimeoutMs: 20_000 }))).toEqual(['unavailable']);
  });

  it('gives up on a stream that never ends', async () => {
    const subscription = foreign.subscribe('endless', {
      callback: (_error, message) => {
        const timer = setInterval(() => message.respond('{"n":1}'), 10);
        void subscription.closed.then(() => clearInterval(timer));
      },
    });
    await foreign.flush();
    const items = await collect(bus.requestStream('endless', {}, { ...streamOptions, totalTimeoutMs: 200 }));
    subscription.unsubscribe();
    expect(items.at(-1)).toBe('unavailable');
    expect(items.length).toBeGreaterThan(2);
  });

  it('tells a reader who is thousands of replies behind', async () => {
    await streaming('flood', Array.from({ length: 6000 }, () => '{"n":1}'));
    const stream = bus.requestStream('flood', {}, { ...streamOptions, idleTimeoutMs: 5000 })[Symbol.asyncIterator]();
    await stream.next();
    await foreign.flush(); // NATS has all 6000, and sends them before it answers the flush of the bus
    await bus.flush(2000);
    const rest = await collect({ [Symbol.asyncIterator]: () => stream });
    expect(rest.at(-1)).toBe('overloaded');
  });
});

describe('a bus whose NATS dies', () => {
  it('fails what is pending and what comes at once, and goes on when NATS is back', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'muster-bus-'));
    let nats = await startNats({ dir, users: [] });
    const bus = connectBus({ url: nats.url, name: 'test', inboxPrefix: '_INBOX_test', log: quiet });
    const peer = connectBus({ url: nats.url, name: 'peer', inboxPrefix: '_INBOX_peer', log: quiet });
    const heard: unknown[] = [];
    peer.subscribe('news', { schema: numbered, onMessage: (message) => heard.push(message) });
    let noteAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      noteAsked = resolve;
    });
    peer.serve('echo', 'test', (message) => void message.respond(message.data));
    peer.serve('silent', 'test', () => noteAsked());
    let connections = 0;
    bus.onConnected(() => (connections += 1));
    await Promise.all([untilConnected(bus), untilConnected(peer)]);
    await peer.flush(1000);

    const pending = bus.request('silent', {}, { schema: anything, timeoutMs: 60_000 }).catch((error: unknown) => error);
    const stream = bus.requestStream('silent', {}, { schema: anything, idleTimeoutMs: 60_000, totalTimeoutMs: 60_000 })[Symbol.asyncIterator]().next().catch((error: unknown) => error);
    await asked;
    const killedAtMs = performance.now();
    process.kill(nats.pid, 'SIGKILL');
    expect(await pending).toMatchObject({ kind: 'unavailable' });
    expect(await stream).toMatchObject({ kind: 'unavailable' });
    await untilDisconnected(bus);
    await expect(bus.request('echo', {}, { schema: anything, timeoutMs: 60_000 })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(bus.publish('news', { n: 1 })).toBe(false);
    expect(performance.now() - killedAtMs).toBeLessThan(1000);

    await nats.exited;
    nats = await startNats({ dir, users: [], port: nats.port });
    await Promise.all([untilConnected(bus), untilConnected(peer)]);
    await peer.flush(1000);
    expect(await bus.request('echo', { n: 5 }, { schema: numbered, timeoutMs: 2000 })).toEqual({ n: 5 });
    bus.publish('news', { n: 2 });
    await bus.flush(1000);
    await peer.flush(1000);
    expect(heard).toEqual([{ n: 2 }]); // and nothing of what was said meanwhile
    expect(connections).toBe(2);
    await Promise.all([bus.close(), peer.close()]);
    await nats.stop();
    await rm(dir, { recursive: true });
  });

  it('starts before NATS does', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'muster-bus-'));
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    probe.close();
    await once(probe, 'close');

    const bus = connectBus({ url: `nats://127.0.0.1:${port}`, name: 'early', inboxPrefix: '_INBOX_early', log: quiet });
    await untilDisconnected(bus);
    await expect(bus.request('x', {}, { schema: anything, timeoutMs: 60_000 })).rejects.toMatchObject({ kind: 'unavailable' });
    const nats = await startNats({ dir, users: [], port });
    await untilConnected(bus);
    await bus.close();
    expect(bus.status()).toMatchObject({ state: 'disconnected' });
    await nats.stop();
    await rm(dir, { recursive: true });
  });

  it('closes within seconds while NATS accepts connections and says nothing', async () => {
    const sockets: Socket[] = [];
    const frozen = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(frozen, 'listening');
    const { port } = frozen.address() as { port: number };
    const bus = connectBus({ url: `nats://127.0.0.1:${port}`, name: 'x', inboxPrefix: '_INBOX_x', log: quiet });
    await expect(bus.request('x', {}, { schema: anything, timeoutMs: 60_000 })).rejects.toMatchObject({ kind: 'unavailable' });
    await bus.close();
    for (const socket of sockets) socket.destroy();
    frozen.close();
  });
});
