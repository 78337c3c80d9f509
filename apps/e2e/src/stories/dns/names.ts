import { claimNameOf, SERVICE_LABEL_DEFAULT, serviceNameOf, siteServiceNameOf } from '@muster/contracts';

/** Both of the deployment that the story follows. */
export const CORP = 'corp.test';
export const LAB = 'lab.test';

/** Where the other deployment fails, each time for another reason: the secret of its key, its clock, the policy of the zone. */
export const WRONG = 'wrong.test';
export const LATE = 'late.test';
export const CLOSED = 'closed.test';
/** Served by nobody. */
export const ELSEWHERE = 'elsewhere.test';

export const BERLIN = 'berlin';
export const MUNICH = 'munich';

export const GENERAL = serviceNameOf(SERVICE_LABEL_DEFAULT, CORP);
export const LAB_GENERAL = serviceNameOf(SERVICE_LABEL_DEFAULT, LAB);
export const atSite = (site: string, domain = CORP): string => siteServiceNameOf(SERVICE_LABEL_DEFAULT, site, domain);
export const claimIn = (domain: string, endpoint: { readonly target: string; readonly port: number }): string => claimNameOf(SERVICE_LABEL_DEFAULT, endpoint, domain);

/** Below it there is room for somebody who wants to be asked first. */
export const PRIORITY = 10;
/** What is added for one that is not heard any more. */
export const DEMOTION = 100;
export const WEIGHT = 10;

/** An SRV record of ours, as people read it. */
export const listed = ({ target, port }: { readonly target: string; readonly port: number }, { priority = PRIORITY, weight = WEIGHT } = {}): string => `${priority} ${weight} ${port} ${target}`;
