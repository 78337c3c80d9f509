import { isIP } from 'node:net';
import { dnsDomain, dnsSite, dnsTarget, endpointSchemes } from '@muster/contracts';
import { type ConfigOf, defineConfig, setting } from '@muster/service';
import { z } from 'zod';

/** For the administrator who wants no gateway of this kind listed. */
const NOBODY = 'none';

const ADVERTISED = `must be a host name with its domain, and a port if it is another than the one listened on, such as host-1.corp.example:443; or ${NOBODY}`;
const RESOLVERS = 'must be addresses of DNS servers, such as 10.0.0.53 or [2001:db8::53]:5353, joined by commas';

const PORT_MAX = 65_535;
const UINT16_MAX = 65_535;

/** What clients are to be told: a name, for an SRV record has no place for an address. */
type Advertised = 'none' | { readonly target: string; readonly port: number | undefined };

const advertisedOf = (text: string): Advertised | undefined => {
  if (text === NOBODY) return NOBODY;
  const [, name = '', digits] = /^([^:]+?)\.?(?::(\d{1,5}))?$/.exec(text.toLowerCase()) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  const usable = dnsTarget.safeParse(name).success && name.includes('.') && isIP(name) === 0 && (port === undefined || (port > 0 && port <= PORT_MAX));
  return usable ? { target: name, port } : undefined;
};

const advertised = z
  .string()
  .transform((text, context): Advertised => advertisedOf(text) ?? (context.addIssue({ code: 'custom', message: ADVERTISED }), z.NEVER))
  .optional();

const partsOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');

const listOf = <T extends z.ZodType<string>>(part: T, isBad: string) =>
  z
    .string()
    .default('')
    .transform(partsOf)
    .refine((parts) => parts.every((text) => part.safeParse(text).success), isBad);

const isResolver = (text: string): boolean => {
  if (isIP(text) !== 0) return true;
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  return (bracketed === undefined ? isIP(plain) === 4 : isIP(bracketed) === 6) && Number(port) > 0 && Number(port) <= PORT_MAX;
};

const uint16 = (preset: number, what: string) => z.coerce.number(what).int(what).min(0, what).max(UINT16_MAX, what).default(preset);

/** Where clients reach this gateway, and how they find it in DNS. */
export const advertiseConfig = defineConfig({
  /** Not set: the machine's own name, if it has one in DNS and the gateway can be reached from elsewhere. */
  advertise: setting('MUSTER_ADVERTISE', advertised),
  advertiseSites: setting('MUSTER_ADVERTISE_SITES', listOf(dnsSite, 'must be sites such as berlin, joined by commas')),
  /** None: every domain that the registrar is configured for. */
  advertiseDomains: setting('MUSTER_ADVERTISE_DOMAINS', listOf(dnsDomain, 'must be domains such as corp.example, joined by commas')),
  advertisePriority: setting('MUSTER_ADVERTISE_PRIORITY', uint16(0, 'must be a number from 0 to 65535; the lowest is asked first')),
  /** In steps of ten there is room for smaller ones later; 0 is not never, but seldom (RFC 2782). */
  advertiseWeight: setting('MUSTER_ADVERTISE_WEIGHT', uint16(10, 'must be a number from 0 to 65535: the share among those of one priority')),
  /** Not set: what this process speaks. A proxy that ends TLS may stand in front of it. */
  advertiseScheme: setting('MUSTER_ADVERTISE_SCHEME', z.enum(endpointSchemes, 'must be http or https').optional()),
  dnsResolvers: setting(
    'MUSTER_DNS_RESOLVERS',
    z
      .string()
      .default('')
      .transform(partsOf)
      .refine((parts) => parts.every(isResolver), RESOLVERS),
  ),
});

export type AdvertiseConfig = ConfigOf<typeof advertiseConfig>;
