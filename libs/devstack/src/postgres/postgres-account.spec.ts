import { asAccount, readUsers, unprivilegedUser } from './postgres-account.js';

const PASSWD = ['root:x:0:0:root:/root:/bin/bash', 'daemon:x:1:1::/:/bin/false', 'nobody:x:65534:65534::/:/bin/false', ''].join('\n');

describe('the account that PostgreSQL runs under', () => {
  it('prefers a user made for databases, then nobody, then any but root', () => {
    const users = readUsers(PASSWD);
    expect(unprivilegedUser([...users, { name: 'postgres', uid: 101, gid: 104 }])?.name).toBe('postgres');
    expect(unprivilegedUser(users)?.name).toBe('nobody');
    expect(unprivilegedUser(users.slice(0, 2))?.name).toBe('daemon');
    expect(unprivilegedUser(users.slice(0, 1))).toBeUndefined();
  });

  it('puts no process between the launcher and the server', () => {
    const { command, args } = asAccount({ kind: 'user-namespace', uid: 1000, gid: 1000 }, '/pg/bin/postgres', ['-D', '/data']);
    expect([command, ...args]).toEqual(['unshare', '-U', '--map-user=1000', '--map-group=1000', '--', '/pg/bin/postgres', '-D', '/data']);
    expect(args).not.toContain('--fork');
  });
});
