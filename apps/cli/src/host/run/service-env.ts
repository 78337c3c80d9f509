import type { Edge } from './edge.js';
import { edgeEnv } from './edge.js';
import type { HostIdentity } from './host-identity.js';
import type { ServiceKind } from './start-service.js';

/** What the services of one host are told; each gets only its own part. */
export interface ServiceSettings {
  readonly ledger: string;
  readonly natsUrl: string;
  readonly natsPassword: (kind: ServiceKind) => string | undefined;
  readonly databaseUrl: string;
  readonly identity: HostIdentity;
  readonly operatorTokenHash: string;
  /** Of the gateway; all other services stay on loopback. */
  readonly edge: Edge;
  /** Of the controlled clock, where the host has one. */
  readonly clockFile?: string | undefined;
}

/** The settings that somebody may tune; of others a service would say that they mean nothing to it. */
const TUNABLE: Readonly<Record<ServiceKind, readonly string[]>> = {
  gateway: [
    'MUSTER_LOG_LEVEL',
    'MUSTER_TRUSTED_PROXIES',
    'MUSTER_ADDRESS_REQUESTS_PER_SECOND',
    'MUSTER_ADDRESS_REQUESTS_BURST',
    'MUSTER_MACHINE_REQUESTS_PER_SECOND',
    'MUSTER_MACHINE_REQUESTS_BURST',
    'MUSTER_REQUESTS_IN_FLIGHT_MAX',
    'MUSTER_ADVERTISE',
    'MUSTER_ADVERTISE_SITES',
    'MUSTER_ADVERTISE_DOMAINS',
    'MUSTER_ADVERTISE_PRIORITY',
    'MUSTER_ADVERTISE_WEIGHT',
    'MUSTER_ADVERTISE_SCHEME',
    'MUSTER_DNS_RESOLVERS',
  ],
  activation: ['MUSTER_LOG_LEVEL'],
  'lease-renewal': ['MUSTER_LOG_LEVEL', 'MUSTER_SNAPSHOT_EVERY_EVENTS'],
  counting: ['MUSTER_LOG_LEVEL', 'MUSTER_SNAPSHOT_EVERY_EVENTS'],
  'dns-registrar': [
    'MUSTER_LOG_LEVEL',
    'MUSTER_DNS_DOMAINS',
    'MUSTER_DNS_SERVERS',
    'MUSTER_DNS_KEY_FILE',
    'MUSTER_DNS_LABEL',
    'MUSTER_DNS_TTL_SECONDS',
    'MUSTER_DNS_SITES',
    'MUSTER_DNS_PROTOCOL',
    'MUSTER_DNS_FILE',
    'MUSTER_DNS_RESOLVERS',
    'MUSTER_DNS_SILENT_AFTER_SECONDS',
    'MUSTER_DNS_STOPPED_GRACE_SECONDS',
    'MUSTER_DNS_WITHDRAW_AFTER_SECONDS',
    'MUSTER_DNS_RECONCILE_SECONDS',
    'MUSTER_DNS_WINDOW_SECONDS',
    'MUSTER_DNS_REFRESH_SECONDS',
  ],
};

/** Drivers read `PG…` on their own account; the launcher's credentials and the operator's token are not the services' business. */
const WITHHELD = /^(PG|MUSTER_)/;

const inherited = (kind: ServiceKind, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !WITHHELD.test(name) || TUNABLE[kind].includes(name)));

const own = (kind: ServiceKind, { databaseUrl, identity, operatorTokenHash }: ServiceSettings): NodeJS.ProcessEnv => {
  switch (kind) {
    case 'gateway':
      return { MUSTER_OPERATOR_TOKEN_HASH: operatorTokenHash };
    case 'counting':
    case 'dns-registrar':
      return { MUSTER_SERVICE_DATABASE_URL: databaseUrl };
    case 'activation':
    case 'lease-renewal':
      return {
        MUSTER_SERVICE_DATABASE_URL: databaseUrl,
        MUSTER_VENDOR_ROOT_FILE: identity.rootFile,
        MUSTER_HOST_KEY_FILE: identity.hostKeyFile,
        ...(identity.hostCertificateFile === undefined ? {} : { MUSTER_HOST_CERTIFICATE_FILE: identity.hostCertificateFile }),
      };
    default:
      return kind satisfies never;
  }
};

/** The whole environment of a service's process. Secrets travel this way because arguments are shown to every user of the machine. */
export const serviceEnv = (options: { readonly kind: ServiceKind; readonly port: number; readonly settings: ServiceSettings; readonly env?: NodeJS.ProcessEnv }): NodeJS.ProcessEnv => {
  const { kind, port, settings, env = process.env } = options;
  const natsPassword = settings.natsPassword(kind);
  return {
    ...(kind === 'gateway' ? edgeEnv(settings.edge) : { MUSTER_HTTP_ADDRESS: '127.0.0.1' }),
    ...inherited(kind, env),
    MUSTER_HTTP_PORT: String(port),
    MUSTER_NATS_URL: settings.natsUrl,
    ...(natsPassword === undefined ? {} : { MUSTER_NATS_PASSWORD: natsPassword }),
    MUSTER_LEDGER: settings.ledger,
    ...(env.MUSTER_ENVIRONMENT === undefined ? {} : { MUSTER_ENVIRONMENT: env.MUSTER_ENVIRONMENT }),
    ...(settings.clockFile === undefined ? {} : { MUSTER_CONTROLLED_CLOCK_FILE: settings.clockFile }),
    ...own(kind, settings),
  };
};
