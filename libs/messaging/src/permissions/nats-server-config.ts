import type { NatsUser } from './nats-users.js';

const quoted = (text: string): string => JSON.stringify(text);

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
