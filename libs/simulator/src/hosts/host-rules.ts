import { decideActivation, decideExpiries, decideRenewal, decideRetirement, tally } from '@muster/domain';

/** The decision functions of a host. Those of the domain, unless a test wants to see a wrong one caught. */
export interface HostRules {
  readonly decideActivation: typeof decideActivation;
  readonly decideRenewal: typeof decideRenewal;
  readonly decideExpiries: typeof decideExpiries;
  readonly decideRetirement: typeof decideRetirement;
  readonly tally: typeof tally;
}

export const domainRules: HostRules = { decideActivation, decideRenewal, decideExpiries, decideRetirement, tally };
