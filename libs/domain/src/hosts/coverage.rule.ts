import type { HostCertificateClaims, ProductPolicy } from '@muster/contracts';

export const findProduct = (claims: HostCertificateClaims, product: string): ProductPolicy | undefined =>
  claims.products.find((candidate) => candidate.name === product);

const rankOf = (claims: HostCertificateClaims, group: string): number => claims.groups.find(({ name }) => name === group)?.rank ?? Number.POSITIVE_INFINITY;

/** A higher group also serves the lower ones: a server host serves workstations, a workstation host no servers (S6). */
export const coversProduct = (claims: HostCertificateClaims, product: ProductPolicy): boolean =>
  rankOf(claims, product.group) <= rankOf(claims, claims.coversGroup);
