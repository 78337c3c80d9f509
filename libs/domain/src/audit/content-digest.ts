import type { EventOf } from '@muster/contracts';
import { canonicalJson } from '@muster/contracts';

/** What a recorded request asked for, by the digest of its content; `neither` where the digest is of something else than is recorded. */
export type AskedFor = 'activation' | 'renewal' | 'neither';

interface Known {
  readonly digestOf: (text: string) => string;
  /** Public halves of tokens that it may have presented: the one that it enrolled by first. */
  readonly tokenKeys: Iterable<string>;
}

/** The members that decide, as machine and gateway digest them (`contentDigestOf` in the trust library). */
export const askedFor = ({ product, virtual, citedLease, evidence, contentDigest }: EventOf<'ActivationRequested'>['data'], { digestOf, tokenKeys }: Known): AskedFor => {
  const isOf = (content: object): boolean => digestOf(canonicalJson(content)) === contentDigest;
  const activation = { kind: 'activation', product, virtual, citedLease, evidence: evidence ?? null };
  if (citedLease !== null && isOf({ kind: 'renewal', virtual, citedLease, evidence: null })) return 'renewal';
  if (isOf(activation)) return 'activation';
  // Whoever is enrolled may present a token once more, which draws nothing and is not recorded. Rare: tried last.
  for (const enrolment of tokenKeys) if (isOf({ ...activation, enrolment })) return 'activation';
  return 'neither';
};
