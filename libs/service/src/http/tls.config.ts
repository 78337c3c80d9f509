import { BlockList, isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { ConfigError } from '../config/load-config.js';
import { type ConfigOf, defineConfig, secret, setting } from '../config/setting.js';

/** Older ones have holes, and nobody who speaks to a host is that old. */
const TLS_VERSION_MIN = 'TLSv1.2';

const ADDRESSES = 'must be addresses or networks, such as 10.0.0.7 or 10.0.0.0/24, joined by commas';

const isNetwork = (text: string): boolean => {
  const [address = '', prefix] = text.split('/');
  const family = isIP(address);
  if (family === 0) return false;
  if (prefix === undefined) return true;
  try {
    new BlockList().addSubnet(address, /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1, family === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
};

const addresses = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''))
  .refine((parts) => parts.every(isNetwork), ADDRESSES);

/** How a service is reached from elsewhere. The certificate is no secret, but may stand in a file like one. */
export const tlsConfig = defineConfig({
  tlsCertificate: secret('MUSTER_TLS_CERTIFICATE', z.string().optional()),
  tlsKey: secret('MUSTER_TLS_KEY', z.string().optional()),
  /** Whose word is taken for where a request came from (`X-Forwarded-For`) and how (`X-Forwarded-Proto`): nobody's, unless named. */
  trustedProxies: setting('MUSTER_TRUSTED_PROXIES', addresses),
});

export type TlsConfig = ConfigOf<typeof tlsConfig>;

/** @throws ConfigError when only one of the two is there, or they are no pair; without the key in it */
export const tlsOptions = ({ tlsCertificate: cert, tlsKey: key }: TlsConfig): { readonly https?: { readonly cert: string; readonly key: string; readonly minVersion: typeof TLS_VERSION_MIN } } => {
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined) throw new ConfigError([`${cert === undefined ? 'MUSTER_TLS_CERTIFICATE' : 'MUSTER_TLS_KEY'}: is not set, and the other half of the pair is`]);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new ConfigError([`MUSTER_TLS_CERTIFICATE, MUSTER_TLS_KEY: cannot be used (${(error as NodeJS.ErrnoException).code ?? 'not PEM'})`]);
  }
  return { https: { cert, key, minVersion: TLS_VERSION_MIN } };
};

/** As Fastify wants it; nobody is trusted unless named. */
export const trustedProxiesOf = ({ trustedProxies }: TlsConfig): string[] | false => (trustedProxies.length === 0 ? false : [...trustedProxies]);
