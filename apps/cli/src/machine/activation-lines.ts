import type { ActivationAnswer } from '@muster/contracts';
import { counted, durationWords } from '../terminal/words.js';
import type { LeaseCheck } from './lease-check.js';

const checkWords = (check: LeaseCheck): string => {
  switch (check.status) {
    case 'verified':
      return `verified offline against the vendor's root key (${check.root})`;
    case 'unverified':
      return "NOT verified: the vendor's root key is not known here (give it with --root FILE)";
    case 'refused':
      return `refused: ${check.detail}`;
    default:
      return check satisfies never;
  }
};

/** What a person is told of the host's answer. */
export const activationLines = (options: {
  readonly product: string;
  readonly machine: string;
  readonly answer: ActivationAnswer;
  readonly check: LeaseCheck;
  readonly dir: string;
}): readonly string[] => {
  const { product, machine, answer, check, dir } = options;
  const { count, threshold } = answer;
  if (answer.outcome === 'granted') {
    return [
      `${product} is activated: count ${count}, threshold ${threshold}.`,
      `  machine  ${machine}  (${dir})`,
      `  lease    until ${answer.expiresAt}, renewed every ${durationWords(answer.renewAfterSeconds)}`,
      `           ${checkWords(check)}`,
    ];
  }
  const lacking = threshold - count;
  return [
    `${product} is not activated yet: count ${count}, threshold ${threshold}${lacking > 0 ? ` (${counted(lacking, 'machine')} to go)` : ''}.`,
    `  machine  ${machine}  (${dir})`,
    `  The machine is counted. Ask again in ${durationWords(answer.retryAfterSeconds)}, or as soon as more machines have mustered.`,
  ];
};
