import { readFileSync } from 'node:fs';

/**
 * The account that PostgreSQL runs under, because it refuses to run as root:
 * `self` is whoever we are; `user-namespace` still is root to the file system but another user to PostgreSQL;
 * `other-user` is an unprivileged user of this machine.
 */
export type PostgresAccount =
  | { readonly kind: 'self' }
  | { readonly kind: 'user-namespace'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'other-user'; readonly uid: number; readonly gid: number; readonly name: string };

export interface AccountCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** The command as it has to be spawned for the account; the process that results is the command itself, with no parent in between. */
export function asAccount(account: PostgresAccount, command: string, args: readonly string[]): AccountCommand {
  switch (account.kind) {
    case 'self':
      return { command, args };
    case 'user-namespace':
      return { command: 'unshare', args: ['-U', `--map-user=${account.uid}`, `--map-group=${account.gid}`, '--', command, ...args] };
    case 'other-user':
      return { command, args, uid: account.uid, gid: account.gid };
    default:
      return account satisfies never;
  }
}

export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The users of this machine. `initdb` insists on a user that has a name, so a free number will not do. */
export function readUsers(passwd = readFileSync('/etc/passwd', 'utf8')): readonly PasswdEntry[] {
  return passwd
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

/** The user who fits best to run a database server: one made for it, then one made for nothing, then any but root. */
export function unprivilegedUser(users: readonly PasswdEntry[]): PasswdEntry | undefined {
  return users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody') ?? users.find(({ uid }) => uid !== 0);
}
