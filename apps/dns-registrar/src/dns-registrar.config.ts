import { SERVICE_LABEL_DEFAULT, serviceLabel } from '@muster/contracts';
import { DAY_SECONDS, MINUTE_SECONDS } from '@muster/kernel';
import type { ConfigOf } from '@muster/service';
import { commonConfig, databaseConfig, defineConfig, setting } from '@muster/service';
import { z } from 'zod';
import { commaList, sitePolicies } from './wiring/domain-settings.js';

/** Three heartbeats: one may be lost. */
const SILENT_AFTER_SECONDS = 30;
/** A restart, and an update of the machine, change nothing in DNS. */
const STOPPED_GRACE_SECONDS = 10 * MINUTE_SECONDS;
/** Over a night; a machine that is away for longer is listed again when it is heard. */
const WITHDRAW_AFTER_SECONDS = DAY_SECONDS;
const RECONCILE_SECONDS = 10 * MINUTE_SECONDS;
/** After twice as long nothing of an owner that is gone stays. */
const WINDOW_SECONDS = 7 * DAY_SECONDS;

const seconds = (variable: string, preset: number) => setting(variable, z.coerce.number('must be a number of seconds').positive('must be more than 0').default(preset));

export const dnsRegistrarConfig = defineConfig({
  ...commonConfig,
  ...databaseConfig,
  domains: setting('MUSTER_DNS_DOMAINS', commaList),
  /** `192.0.2.1:53`, `[2001:db8::1]:53`; none: there is no dynamic DNS. */
  servers: setting('MUSTER_DNS_SERVERS', commaList),
  /** In BIND's form, as `tsig-keygen` writes it; the first key in it signs. It is read again when it changes. */
  keyFile: setting('MUSTER_DNS_KEY_FILE', z.string().optional()),
  label: setting('MUSTER_DNS_LABEL', serviceLabel.default(SERVICE_LABEL_DEFAULT)),
  ttlSeconds: setting('MUSTER_DNS_TTL_SECONDS', z.coerce.number('must be a number of seconds').int().min(1).max(DAY_SECONDS).default(300)),
  sites: setting('MUSTER_DNS_SITES', sitePolicies),
  protocol: setting('MUSTER_DNS_PROTOCOL', z.enum(['tcp', 'udp']).default('tcp')),
  /** The same for each domain, as JSON; what stands there comes before the variables. */
  dnsFile: setting('MUSTER_DNS_FILE', z.string().optional()),
  /** Who is asked where there is no dynamic DNS; the system's unless given. */
  resolvers: setting('MUSTER_DNS_RESOLVERS', commaList),
  silentAfterSeconds: seconds('MUSTER_DNS_SILENT_AFTER_SECONDS', SILENT_AFTER_SECONDS),
  stoppedGraceSeconds: seconds('MUSTER_DNS_STOPPED_GRACE_SECONDS', STOPPED_GRACE_SECONDS),
  withdrawAfterSeconds: seconds('MUSTER_DNS_WITHDRAW_AFTER_SECONDS', WITHDRAW_AFTER_SECONDS),
  reconcileSeconds: seconds('MUSTER_DNS_RECONCILE_SECONDS', RECONCILE_SECONDS),
  windowSeconds: seconds('MUSTER_DNS_WINDOW_SECONDS', WINDOW_SECONDS),
  refreshSeconds: seconds('MUSTER_DNS_REFRESH_SECONDS', DAY_SECONDS),
});

export type DnsRegistrarConfig = ConfigOf<typeof dnsRegistrarConfig>;
