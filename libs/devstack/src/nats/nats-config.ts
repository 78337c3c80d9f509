/** A NATS user and the subjects it may use; whatever is not listed is refused. */
export interface NatsUser {
  readonly name: string;
  readonly password: string;
  readonly publish: { readonly allow: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
  /** Whether it may answer requests on the reply subject that each brings, without being allowed that subject otherwise. */
  readonly allowResponses: boolean;
}

const MAX_PAYLOAD_BYTES = 1024 * 1024; // nats-server's own default, said here because broadcasts are cut to fit it
const RESPONSE_EXPIRES = '30s'; // no request is waited for longer than this

/**
 * The server's configuration file: 127.0.0.1 only, and, as soon as there is one user, nothing without a password and nothing that is not allowed.
 * With no users anybody on this machine may do anything: for tests only.
 */
export function natsConfig(options: { readonly port: number; readonly serverName: string; readonly users: readonly NatsUser[] }): string {
  const { port, serverName, users } = options;
  const lines = [
    `listen: ${quote(`127.0.0.1:${port}`)}`,
    `server_name: ${quote(serverName)}`,
    `max_payload: ${MAX_PAYLOAD_BYTES}`,
    'write_deadline: "10s"', // a client that reads nothing is let go, and finds what it missed in the ledger
  ];
  if (users.length > 0) lines.push('authorization {', '  users = [', ...users.map(userEntry), '  ]', '}');
  return `${lines.join('\n')}\n`;
}

function userEntry({ name, password, publish, subscribe, allowResponses }: NatsUser): string {
  const permissions = [
    `publish: ${rule(publish.allow)}`,
    `subscribe: ${rule(subscribe.allow)}`,
    ...(allowResponses ? [`allow_responses: { max: 1, expires: ${quote(RESPONSE_EXPIRES)} }`] : []),
  ];
  return `    { user: ${quote(name)}, password: ${quote(password)}, permissions: { ${permissions.join(', ')} } }`;
}

/** nats-server takes an empty list of allowed subjects for "everything", so nothing has to be said as a denial. */
function rule(allow: readonly string[]): string {
  return allow.length === 0 ? `{ deny: [">"] }` : `{ allow: [${allow.map(quote).join(', ')}] }`;
}

function quote(text: string): string {
  // The format has no escape for what could end the string early; no name, password or subject of ours needs any of it.
  if (!/^[\x20-\x7e]*$/.test(text) || /["\\]/.test(text)) throw new Error('NATS names, passwords and subjects must be printable ASCII without quotes and backslashes');
  return `"${text}"`;
}
