import { statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { temporaryDir } from '../testing/temporary-dir.js';
import type { NatsUser } from './nats-config.js';
import { startNats, type PrivateNats } from './start-nats.js';

/** As much of the NATS protocol as it takes to see what a user may do. */
class Session {
  #received = '';
  readonly #waiting = new Set<() => void>();

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      this.#received += chunk;
      for (const look of this.#waiting) look();
    });
    socket.on('error', () => undefined);
  }

  static async open({ port }: PrivateNats, user?: { readonly name: string; readonly password: string }): Promise<Session> {
    const session = new Session(connect(port, '127.0.0.1'));
    session.send(`CONNECT ${JSON.stringify({ verbose: false, pedantic: false, ...(user && { user: user.name, pass: user.password }) })}`, 'PING');
    await session.until(/PONG|-ERR/);
    return session;
  }

  send(...lines: string[]): void {
    this.socket.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** Sends, and answers what came back up to the server's next PONG. */
  async exchange(...lines: string[]): Promise<string> {
    this.#received = '';
    this.send(...lines, 'PING');
    return this.until(/PONG/);
  }

  until(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!pattern.test(this.#received)) return;
        this.#waiting.delete(look);
        resolve(this.#received);
      };
      this.#waiting.add(look);
      look();
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

const dir = temporaryDir();
afterAll(() => dir.remove());

const asker: NatsUser = { name: 'asker', password: 'one', publish: { allow: ['work.>'] }, subscribe: { allow: ['_INBOX.asker.>'] }, allowResponses: false };
const answerer: NatsUser = { name: 'answerer', password: 'two', publish: { allow: [] }, subscribe: { allow: ['work.>'] }, allowResponses: true };

describe('a private nats-server with users', () => {
  let nats: PrivateNats;
  let sessions: Session[];
  const open = async (user?: { readonly name: string; readonly password: string }): Promise<Session> => {
    const session = await Session.open(nats, user);
    sessions.push(session);
    return session;
  };
  beforeAll(async () => (nats = await startNats({ dir: join(dir.path, 'closed'), users: [asker, answerer] })));
  afterAll(() => nats.stop());
  beforeEach(() => void (sessions = []));
  afterEach(() => sessions.forEach((session) => session.close()));

  it('keeps the passwords in a file that only its owner may read', () => {
    expect(statSync(join(dir.path, 'closed', 'nats.conf')).mode & 0o777).toBe(0o600);
  });

  it('lets nobody in without the right password', async () => {
    for (const user of [undefined, { name: 'asker', password: 'two' }]) {
      expect(await (await open(user)).until(/-ERR/)).toContain('Authorization Violation');
    }
  });

  it('refuses every subject that is not allowed', async () => {
    const session = await open(asker);
    expect(await session.exchange('PUB work.one 2', 'hi', 'SUB _INBOX.asker.1 1')).not.toContain('-ERR');
    expect(await session.exchange('PUB other 2', 'hi')).toContain('Permissions Violation for Publish to "other"');
    expect(await session.exchange('SUB work.> 2')).toContain('Permissions Violation for Subscription to "work.>"');
    expect(await session.exchange('SUB _INBOX.answerer.> 3')).toContain('Permissions Violation');
  });

  it('lets an answerer answer what it was asked, once, and publish nothing else', async () => {
    const asking = await open(asker);
    const answering = await open(answerer);
    await answering.exchange('SUB work.> 1');
    await asking.exchange('SUB _INBOX.asker.> 1', 'PUB work.one _INBOX.asker.7 4', 'ping');
    await answering.until(/MSG work\.one 1 _INBOX\.asker\.7 4/);
    expect(await answering.exchange('PUB _INBOX.asker.7 4', 'pong')).not.toContain('-ERR');
    expect(await asking.until(/MSG _INBOX/)).toContain('pong');
    expect(await answering.exchange('PUB _INBOX.asker.7 5', 'again')).toContain('Permissions Violation');
    expect(await answering.exchange('PUB work.one 2', 'hi')).toContain('Permissions Violation');
  });
});

describe('a private nats-server without users', () => {
  it('is open to this machine, and gone when stopped', async () => {
    const nats = await startNats({ dir: join(dir.path, 'open'), users: [] });
    const session = await Session.open(nats);
    expect(await session.exchange('SUB > 1', 'PUB anything 2', 'hi')).toContain('MSG anything');
    session.close();
    await nats.stop();
    expect(await nats.exited).toMatchObject({ signal: null });
  });

  it('says that its port is taken', async () => {
    const nats = await startNats({ dir: join(dir.path, 'first'), users: [] });
    await expect(startNats({ dir: join(dir.path, 'second'), users: [], port: nats.port })).rejects.toThrow(`cannot listen on port ${nats.port}`);
    await nats.stop();
  });
});
