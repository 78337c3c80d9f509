import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BusUser, busPermissions, inboxPrefix, subjects } from '@muster/contracts';
import { findNatsServer, type PrivateNats, startNats } from '@muster/devstack';
import { connect, type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';
import { natsServerConfig } from './nats-server-config.js';
import { natsUsers } from './nats-users.js';

const passwords = { gateway: 'pw-g', activation: 'pw-a', 'lease-renewal': 'pw-l', counting: 'pw-c', 'dns-registrar': 'pw-d', integration: 'pw-i' };
const users = Object.keys(busPermissions) as BusUser[];
const inboxes = users.map((user) => `${inboxPrefix(user)}.someone.1`);
const others = ['muster.v1.unheard.of', 'muster.>', '>', '_INBOX.someone', '$SYS.REQ.SERVER.PING'];

const mayAnswer = (user: BusUser, inbox: string): boolean =>
  users.some((caller) => inbox.startsWith(`${inboxPrefix(caller)}.`) && busPermissions[caller].publishes.some((subject) => busPermissions[user].serves.includes(subject)));

describe('the table of permissions, as NATS applies it', () => {
  let dir: string;
  let nats: PrivateNats;
  const connections = new Map<BusUser, NatsConnection>();

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'muster-permissions-'));
    nats = await startNats({ dir, users: natsUsers(passwords) });
    for (const user of users) connections.set(user, await connect({ servers: nats.url, user, pass: passwords[user], inboxPrefix: inboxPrefix(user) }));
  });

  afterAll(async () => {
    for (const connection of connections.values()) await connection.close();
    await nats.stop();
    await rm(dir, { recursive: true });
  });

  /** What NATS refuses of what `attempt` does: answered in order, so a flush tells that there is nothing more. */
  const refusals = async (user: BusUser, attempt: (connection: NatsConnection) => void): Promise<readonly PermissionViolationError[]> => {
    const connection = connections.get(user);
    if (connection === undefined) throw new Error(`no connection for ${user}`);
    const seen: PermissionViolationError[] = [];
    const status = connection.status();
    const watching = (async () => {
      for await (const event of status) if (event.type === 'error' && event.error instanceof PermissionViolationError) seen.push(event.error);
    })();
    attempt(connection);
    await connection.flush();
    (status as unknown as { stop(): void }).stop();
    await watching;
    return seen;
  };

  it.each(users)('%s publishes to its subjects and to the inboxes of those who may ask it, and nowhere else', async (user) => {
    const tried = [...Object.values(subjects), ...inboxes, ...others.filter((subject) => !subject.includes('>'))];
    const refused = await refusals(user, (connection) => tried.forEach((subject) => connection.publish(subject, '{}')));
    const allowed = tried.filter((subject) => (busPermissions[user].publishes as readonly string[]).includes(subject) || mayAnswer(user, subject));
    expect(refused.every((error) => error.operation === 'publish')).toBe(true);
    expect(tried.filter((subject) => !refused.some((error) => error.subject === subject))).toEqual(allowed);
  });

  it.each(users)('%s listens to its broadcasts and its own inbox, and nothing else', async (user) => {
    const tried = [...Object.values(subjects), ...inboxes, ...others];
    const refused = await refusals(user, (connection) => tried.forEach((subject) => void connection.subscribe(subject, { callback: () => undefined })));
    const allowed = tried.filter((subject) => (busPermissions[user].follows as readonly string[]).includes(subject) || subject.startsWith(`${inboxPrefix(user)}.`));
    expect(tried.filter((subject) => !refused.some((error) => error.subject === subject))).toEqual(allowed);
  });

  it.each(users)('%s serves its subjects, and only in the queue group of its name', async (user) => {
    const tried = Object.values(subjects).flatMap((subject) => [...users, 'another'].map((queue) => ({ subject, queue })));
    const refused = await refusals(user, (connection) => tried.forEach(({ subject, queue }) => void connection.subscribe(subject, { queue, callback: () => undefined })));
    const allowed = tried.filter(
      ({ subject, queue }) =>
        (queue === user && busPermissions[user].serves.includes(subject)) ||
        busPermissions[user].follows.includes(subject), // a plain permission covers any group; a broadcast heard by one of several harms nobody else
    );
    expect(tried.filter(({ subject, queue }) => !refused.some((error) => error.subject === subject && error.queue === queue))).toEqual(allowed);
  });

  it('comes as a configuration that nats-server takes, with passwords from its environment', async () => {
    const file = join(dir, 'compose.conf');
    await writeFile(file, natsServerConfig(natsUsers({ ...passwords, gateway: '$GATEWAY_PASSWORD' })));
    const check = promisify(execFile)(await findNatsServer(), ['-t', '-c', file], { env: { GATEWAY_PASSWORD: 'secret' } });
    expect((await check).stderr).toContain('is valid');
  });

  it('knows nobody else', async () => {
    await expect(connect({ servers: nats.url, reconnect: false })).rejects.toThrow();
    await expect(connect({ servers: nats.url, user: 'gateway', pass: 'guess', reconnect: false })).rejects.toThrow();
  });
});
