/**
 * Gives each container its own secrets and no other: copies from what `muster deploy init` made into one folder an audience,
 * each of which is a volume that one container sees.
 *
 *   node share-secrets.js /made /secrets
 *
 * Files belong to who copies them, mode 0600, so services run as that user; PostgreSQL's own user reads as a member of the group.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const OWNER_ONLY = 0o600;
const OWNER_AND_GROUP = 0o640;

/** audience → its file → what that was made as. */
export const SHARES = {
  postgres: { 'owner-password': 'secrets/postgres-password' },
  migrate: { 'owner-database-url': 'secrets/database-url', 'service-database-password': 'secrets/service-database-password' },
  nats: { 'nats.conf': 'nats.conf' },
  gateway: { 'nats-password': 'secrets/nats-gateway', 'operator-token-hash': 'secrets/operator-token-hash' },
  activation: {
    'nats-password': 'secrets/nats-activation',
    'service-database-url': 'secrets/service-database-url',
    'vendor-root.json': 'vendor/vendor-root.public.json',
    'host-certificate.jws': 'vendor/host-certificate.jws',
    'host-key.json': 'vendor/host-key.private.json',
  },
  'lease-renewal': {
    'nats-password': 'secrets/nats-lease-renewal',
    'service-database-url': 'secrets/service-database-url',
    'vendor-root.json': 'vendor/vendor-root.public.json',
    'host-certificate.jws': 'vendor/host-certificate.jws',
    'host-key.json': 'vendor/host-key.private.json',
  },
  counting: { 'nats-password': 'secrets/nats-counting', 'service-database-url': 'secrets/service-database-url' },
  'dns-registrar': { 'nats-password': 'secrets/nats-dns-registrar', 'service-database-url': 'secrets/service-database-url' },
  operator: { 'operator-token': 'secrets/operator-token', 'vendor-root.json': 'vendor/vendor-root.public.json' },
  integration: { 'nats-password': 'secrets/nats-integration' },
};

const modeFor = (audience) => (audience === 'postgres' ? OWNER_AND_GROUP : OWNER_ONLY);

/** Whole or not at all: a container that starts meanwhile reads the old file or the new one. */
const copy = (from, to, mode) => {
  const draft = `${to}.new`;
  writeFileSync(draft, readFileSync(from), { mode });
  chmodSync(draft, mode); // whatever the umask made of it
  renameSync(draft, to);
};

export const shareSecrets = (made, out) => {
  for (const [audience, files] of Object.entries(SHARES)) {
    for (const [name, source] of Object.entries(files)) {
      const target = join(out, audience, name);
      mkdirSync(dirname(target), { recursive: true, mode: 0o750 });
      copy(join(made, source), target, modeFor(audience));
    }
  }
};

if (import.meta.filename === process.argv[1]) {
  const [made, out] = process.argv.slice(2);
  if (made === undefined || out === undefined) {
    process.stderr.write('usage: node share-secrets.js MADE OUT\n');
    process.exit(64);
  }
  shareSecrets(made, out);
}
