import { z } from 'zod';

/** So that the longest claim name (see `claimNameOf`) stays inside DNS's 253 characters. */
const TARGET_CHARS_MAX = 110;
const DOMAIN_CHARS_MAX = 100;

const HOST_NAME = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** A domain that clients look in: `corp.example`, lower case, without the final dot. */
export const dnsDomain = z.string().max(DOMAIN_CHARS_MAX).regex(HOST_NAME, 'a lower-case domain name without its final dot');

/** The name under which a gateway is reached: it must have an address of its own, for an SRV record may not lead to an alias (RFC 2782). */
export const dnsTarget = z.string().max(TARGET_CHARS_MAX).regex(HOST_NAME, 'a lower-case host name without its final dot');

/** One label: a site is a part of the organisation's network that has hosts of its own. */
export const dnsSite = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'one lower-case label, such as berlin');

/** The service's two labels (RFC 6335 allows names of up to 15 characters). */
export const serviceLabel = z.string().regex(/^_[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?\._tcp$/, 'such as _muster._tcp');

export const SERVICE_LABEL_DEFAULT = '_muster._tcp';

/** `name:port`: names an endpoint everywhere. */
export const endpointId = z.string().max(TARGET_CHARS_MAX + 6).regex(/^[a-z0-9][a-z0-9.-]*:[1-9]\d{0,4}$/, 'name:port');

/** Where clients of the whole domain look. */
export const serviceNameOf = (label: string, domain: string): string => `${label}.${domain}`;

/** Where clients of one site look first. */
export const siteServiceNameOf = (label: string, site: string, domain: string): string => `${label}.${site}._sites.${domain}`;

/** Where it stands whose an endpoint's records in a domain are. */
export const claimNameOf = (label: string, { target, port }: { readonly target: string; readonly port: number }, domain: string): string => `_${port}.${target}._owner.${label}.${domain}`;

export const endpointIdOf = ({ target, port }: { readonly target: string; readonly port: number }): string => `${target}:${port}`;
