import { dnsDomain, dnsSite } from '@muster/contracts';
import { DAY_SECONDS } from '@muster/kernel';
import { z } from 'zod';

/** `a, b`: no entry is empty. */
export const commaList = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== ''));

export interface SitePolicy {
  readonly name: string;
  /** In this order: a site without an endpoint of its own gets those of the first that has any. */
  readonly coveredBy: readonly string[];
}

/** `berlin,munich=berlin:hamburg` */
export const sitePolicies = commaList.transform((entries, context): readonly SitePolicy[] => {
  const sites = entries.map((entry) => {
    const [name = '', ...covers] = entry.split('=').map((part) => part.trim());
    return { name, coveredBy: covers.length === 0 ? [] : covers.join('=').split(':').map((site) => site.trim()) };
  });
  for (const fault of siteFaults(sites)) context.addIssue(fault);
  return sites;
});

/** What is wrong with a list of sites, one sentence each. */
export const siteFaults = (sites: readonly SitePolicy[]): readonly string[] => {
  const names = sites.map(({ name }) => name);
  const notLabels = [...names, ...sites.flatMap(({ coveredBy }) => coveredBy)].filter((site) => !dnsSite.safeParse(site).success);
  const unknown = sites.flatMap(({ name, coveredBy }) => coveredBy.filter((site) => !names.includes(site) || site === name));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...notLabels.map((site) => `${JSON.stringify(site)} is not a site: one lower-case label, such as berlin`),
    ...unknown.map((site) => `${site} cannot cover a site: it is not another one of the list`),
    ...twice.map((name) => `the site ${name} is named twice`),
  ];
};

const share = z.number().min(0).max(1);
const records = z.int().min(1).max(10_000);

/** The JSON of `MUSTER_DNS_FILE`. */
export const dnsFileSchema = z.strictObject({
  domains: z
    .array(
      z.strictObject({
        domain: dnsDomain,
        /** What DNS serves the domain from: itself, or one above it. */
        zone: dnsDomain.optional(),
        servers: z.array(z.string()).optional(),
        keyFile: z.string().min(1).optional(),
        ttlSeconds: z.int().min(1).max(DAY_SECONDS).optional(),
        sites: z.array(z.strictObject({ name: dnsSite, coveredBy: z.array(dnsSite).default([]) })).optional(),
        recordsWarn: records.optional(),
        recordsMax: records.optional(),
        deleteShareMax: share.optional(),
      }),
    )
    .min(1),
});

export type DnsFile = z.infer<typeof dnsFileSchema>;
