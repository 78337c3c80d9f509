import { toInstant } from '@muster/kernel';
import { type ShownProduct, standingWords } from '../../machine/shown-machine.js';
import { durationWords } from '../../terminal/words.js';
import type { MachineFacts } from '../facts.js';
import { finding, type Finding, type Judgement } from '../report.js';

const leaseFindings = (shown: ShownProduct): readonly Finding[] => {
  const { product: subject, status, whatToDo: remedy } = shown;
  const said = { subject, detail: `It is ${standingWords(shown)}.`, remedy };
  switch (status) {
    case 'licensed':
      return [];
    case 'unlicensed':
      return [finding('machine-without-lease', said)];
    case 'grace':
    case 'notification':
      return [finding('machine-lease-ends', said)];
    case 'expired':
      return [finding('machine-lease-ended', said)];
    default:
      return status satisfies never;
  }
};

const contactFindings = ({ product: subject, detail: { failing, lastContact } }: ShownProduct): readonly Finding[] => {
  if (failing === null) return [];
  return [finding('machine-renewals-fail', { subject, detail: `${failing.rounds} in a row since ${failing.since}${lastContact?.detail ? `: ${lastContact.detail}` : ''}.` })];
};

/** A clock is the machine's, not a product's: the furthest step says it all. */
const clockFindings = (products: readonly ShownProduct[], subject: string): readonly Finding[] => {
  const seconds = Math.max(0, ...products.map(({ detail }) => detail.clockSetBackSeconds));
  return seconds === 0 ? [] : [finding('machine-clock', { subject, detail: `It stands ${durationWords(seconds)} behind.` })];
};

/** Whether the machine holds what it asked for, and will go on to. */
export const judgeMachine = ({ dir, products, quarantined }: MachineFacts): Judgement => {
  const refused = quarantined.map(({ host, untilMs, why }) => finding('machine-quarantine', { subject: host, detail: `Until ${toInstant(untilMs)}: ${why}` }));
  if (products === null) return { findings: [finding('machine-none', { subject: dir, detail: 'Nothing is kept there.' }), ...refused], checks: [] };
  return {
    findings: [...products.flatMap((product) => [...leaseFindings(product), ...contactFindings(product)]), ...clockFindings(products, dir), ...refused],
    checks: products.map((product) => ({ area: 'machine', subject: product.product, detail: standingWords(product) })),
  };
};
