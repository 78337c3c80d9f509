import type { DevelopmentVendorFiles } from '@muster/trust';
import type { ServiceKind } from './start-service.js';

/** What the services of one host are told; each gets only its own part. */
export interface ServiceSettings {
  readonly ledger: string;
  readonly natsUrl: string;
  readonly natsPassword: (kind: ServiceKind) => string | undefined;
  readonly databaseUrl: string;
  readonly identity: DevelopmentVendorFiles;
  readonly operatorTokenHash: string;
}

/** Settings of the launcher, its database credentials and the operator's token are not the services' business. */
const WITHHELD = /^(PG|MUSTER_(DATABASE|SERVICE_DATABASE|NATS|OPERATOR|HOST|HTTP|VENDOR|LEDGER)(_|$))/;

const inherited = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(env).filter(([name]) => !WITHHELD.test(name)));

const own = (kind: ServiceKind, { databaseUrl, identity, operatorTokenHash }: ServiceSettings): NodeJS.ProcessEnv => {
  switch (kind) {
    case 'gateway':
      return { MUSTER_OPERATOR_TOKEN_HASH: operatorTokenHash };
    case 'counting':
      return { MUSTER_SERVICE_DATABASE_URL: databaseUrl };
    case 'activation':
      return {
        MUSTER_SERVICE_DATABASE_URL: databaseUrl,
        MUSTER_VENDOR_ROOT_FILE: identity.rootFile,
        MUSTER_HOST_CERTIFICATE_FILE: identity.hostCertificateFile,
        MUSTER_HOST_KEY_FILE: identity.hostKeyFile,
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
    ...inherited(env),
    MUSTER_HTTP_ADDRESS: '127.0.0.1',
    MUSTER_HTTP_PORT: String(port),
    MUSTER_NATS_URL: settings.natsUrl,
    ...(natsPassword === undefined ? {} : { MUSTER_NATS_PASSWORD: natsPassword }),
    MUSTER_LEDGER: settings.ledger,
    ...own(kind, settings),
  };
};
