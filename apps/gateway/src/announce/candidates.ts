import type { EndpointFacts } from '@muster/contracts';
import { endpointIdOf } from '@muster/contracts';
import type { AdvertiseConfig } from './advertise.config.js';

/** What may be announced, the likeliest first. `configured`: somebody said so; `detected`: the names of the machine. */
export type Candidates = { readonly kind: 'configured' | 'detected'; readonly endpoints: readonly EndpointFacts[] } | { readonly kind: 'none'; readonly why: string };

export interface GatewayPlace {
  readonly config: AdvertiseConfig;
  /** That it listens on. */
  readonly port: number;
  readonly speaksTls: boolean;
  /** Whether it can be reached on this machine alone. */
  readonly onLoopback: boolean;
  readonly ownNames: readonly string[];
}

/** Which endpoints this gateway may say that it is. */
export const candidatesOf = ({ config, port, speaksTls, onLoopback, ownNames }: GatewayPlace): Candidates => {
  const { advertise, advertiseSites, advertiseDomains, advertisePriority, advertiseWeight, advertiseScheme } = config;
  const endpointAt = (place: { readonly target: string; readonly port: number }): EndpointFacts => ({
    ...{ endpoint: endpointIdOf(place), ...place, scheme: advertiseScheme ?? (speaksTls ? 'https' : 'http') },
    ...{ sites: [...new Set(advertiseSites)], domains: advertiseDomains.length === 0 ? null : [...new Set(advertiseDomains)] },
    ...{ priority: advertisePriority, weight: advertiseWeight },
  });
  if (advertise === 'none') return { kind: 'none', why: 'MUSTER_ADVERTISE says so' };
  if (advertise !== undefined) return { kind: 'configured', endpoints: [endpointAt({ target: advertise.target, port: advertise.port ?? port })] };
  if (onLoopback) return { kind: 'none', why: 'it can be reached on this machine alone, and MUSTER_ADVERTISE does not name another way to it' };
  if (ownNames.length === 0) return { kind: 'none', why: 'the machine has no name with a domain, and MUSTER_ADVERTISE is not set' };
  return { kind: 'detected', endpoints: ownNames.map((target) => endpointAt({ target, port })) };
};
