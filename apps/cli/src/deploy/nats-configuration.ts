import type { NatsUser } from '@muster/messaging';
import { natsServerConfig } from '@muster/messaging';

/** The most that one message may hold: nats-server's own default, said here because broadcasts are cut to fit it. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** A whole nats-server configuration for a private network: nobody without a password, health at port 8222. */
export const natsConfiguration = (users: readonly NatsUser[]): string =>
  ['listen: "0.0.0.0:4222"', 'http: "0.0.0.0:8222"', `max_payload: ${MAX_PAYLOAD_BYTES}`, 'write_deadline: "10s"', natsServerConfig(users)].join('\n');
