import { SECOND_MS, toInstant } from '@muster/kernel';
import type { ShownMachine, ShownProduct } from './shown-machine.js';

const leaseWords = ({ lease }: ShownProduct): string => {
  switch (lease.status) {
    case 'none':
      return 'no lease';
    case 'unverified':
      return "a lease, not verified: the vendor's root key is not known here (give it with --root FILE)";
    case 'refused':
      return `a lease that is not good: ${lease.detail}`;
    case 'verified':
      return `activated until ${toInstant(lease.claims.exp * SECOND_MS)} (lease ${lease.claims.jti}, position ${lease.claims.position})`;
    default:
      return lease satisfies never;
  }
};

const productLines = (shown: ShownProduct): readonly string[] => {
  const { product, lastAnswer, pendingRequestId } = shown;
  return [
    `${product}  ${leaseWords(shown)}`,
    ...(lastAnswer === undefined ? [] : [`  last answer  ${lastAnswer.outcome}, count ${lastAnswer.count}, threshold ${lastAnswer.threshold}, ${lastAnswer.at}, ${lastAnswer.host}`]),
    ...(pendingRequestId === undefined ? [] : [`  under way    request ${pendingRequestId}; the next activate repeats it`]),
  ];
};

/** The machine as a person reads it. */
export const machineLines = ({ machine, dir, products }: ShownMachine): readonly string[] => [
  `machine ${machine}  (${dir})`,
  ...(products.length === 0 ? ['No product was asked for yet.'] : products.flatMap(productLines)),
];
