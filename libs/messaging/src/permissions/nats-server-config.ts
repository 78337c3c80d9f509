import type { NatsUser } from './nats-users.js';

/** The format has no escape for what could end a string early; no name, password or subject of ours needs any. */
function quoted(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text) || /["\\]/.test(text)) throw new Error('NATS names, passwords and subjects must be printable ASCII without quotes and backslashes');
  return `"${text}"`;
}

/** `$NAME` stays unquoted: nats-server reads it from its environment. */
const password = (value: string): string => (/^\$[A-Z_][A-Z0-9_]*$/.test(value) ? value : quoted(value));

const rule = (allow: readonly string[]): string => (allow.length === 0 ? '{ deny: [">"] }' : `{ allow: [${allow.map(quoted).join(', ')}] }`);

const entry = (user: NatsUser): string =>
  [
    '    {',
    `      user: ${quoted(user.name)}`,
    `      password: ${password(user.password)}`,
    '      permissions: {',
    `        publish: ${rule(user.publish.allow)}`,
    `        subscribe: ${rule(user.subscribe.allow)}`,
    '      }',
    '    }',
  ].join('\n');

/** The `authorization` block of a nats-server configuration; a password may be `$NAME`, an environment variable of the server. */
export const natsServerConfig = (users: readonly NatsUser[]): string => `authorization {\n  users: [\n${users.map(entry).join('\n')}\n  ]\n}\n`;
