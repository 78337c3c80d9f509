import { dnsTarget } from './dns-names.js';

/** How an endpoint is spoken to. */
export const endpointSchemes = ['http', 'https'] as const;
export type EndpointScheme = (typeof endpointSchemes)[number];

/** What a client reads in the TXT record that stands beside an SRV record: SRV itself cannot say whether the port speaks TLS. */
export interface EndpointText {
  readonly target: string;
  readonly port: number;
  readonly scheme: EndpointScheme;
}

const PORT_MAX = 65_535;
const ENDPOINT_TEXT = /^v=muster1 target=(\S+) port=([1-9]\d{0,4}) scheme=(https?)$/;

/** The strings of the record: `v=muster1 target=a.corp.example port=443 scheme=https`, one string, which every DNS console can enter. */
export const formatEndpointText = ({ target, port, scheme }: EndpointText): readonly string[] => [`v=muster1 target=${target} port=${port} scheme=${scheme}`];

/** Undefined when the record is not one of ours: anybody may put texts at a name. */
export const parseEndpointText = (strings: readonly string[]): EndpointText | undefined => {
  const [, target = '', port = '', scheme = ''] = ENDPOINT_TEXT.exec(strings.join('').toLowerCase()) ?? [];
  return dnsTarget.safeParse(target).success && Number(port) <= PORT_MAX ? { target, port: Number(port), scheme: scheme as EndpointScheme } : undefined;
};

/**
 * Whose an endpoint's records in a domain are, and the how manieth change made them so. Every change has the text before it as its prerequisite and
 * leaves a higher epoch behind, so that a captured change has no effect when it is sent again.
 */
export interface DnsClaim {
  /** The deployment, 32 hexadecimal digits: see `dns.messages.ts`. */
  readonly deployment: string;
  readonly epoch: number;
  /** When the owner last wrote it, in whole seconds: an owner that is gone no longer does. */
  readonly at: string;
  /** `withdrawn`: the records are gone, and the claim stays until no captured change can be sent again. */
  readonly state: 'active' | 'withdrawn';
}

const CLAIM = /^v=muster-claim1 deployment=([0-9a-f]{32}) epoch=([1-9]\d{0,14}) at=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) state=(active|withdrawn)$/;

export const formatClaim = ({ deployment, epoch, at, state }: DnsClaim): readonly string[] => [`v=muster-claim1 deployment=${deployment} epoch=${epoch} at=${at} state=${state}`];

/** Undefined when it is no claim that this build knows: then it is somebody else's. */
export const parseClaim = (strings: readonly string[]): DnsClaim | undefined => {
  const [whole, deployment = '', epoch = '', at = '', state = ''] = CLAIM.exec(strings.join('')) ?? [];
  return whole === undefined ? undefined : { deployment, epoch: Number(epoch), at, state: state as DnsClaim['state'] };
};
