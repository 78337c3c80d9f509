import type { ActivationKeys, HostKeyEntry, MultipleActivationKeyEntry } from '@muster/contracts';
import { thumbprint } from '@muster/contracts';
import { parseActivationKey } from '@muster/trust';
import { CliFailure } from '../../failure/cli-failure.js';

export type FoundKey = { readonly kind: 'host'; readonly entry: HostKeyEntry } | { readonly kind: 'multiple'; readonly entry: MultipleActivationKeyEntry };

/** What the authority knows it by: whoever has the whole key at hand types that, and it is neither sent nor shown. @throws CliFailure `usage` */
const knownAs = (named: string): string => {
  if (thumbprint.safeParse(named).success || !/^[0-9A-Za-z]{5}[\s-]/.test(named)) return named;
  const key = parseActivationKey(named);
  if (key.status === 'misread') throw new CliFailure('usage', `${key.detail} (key-misread)`, { remedy: 'Its last group, or its id, is enough.' });
  return key.keyId;
};

/** A key by itself, by its id or by its last group. @throws CliFailure `usage`, `notFound`; `conflict` when several end so */
export const findKey = ({ hostKeys, multipleActivationKeys }: ActivationKeys, given: string): FoundKey => {
  const named = knownAs(given);
  const all: readonly FoundKey[] = [...hostKeys.map((entry) => ({ kind: 'host' as const, entry })), ...multipleActivationKeys.map((entry) => ({ kind: 'multiple' as const, entry }))];
  const found = all.filter(({ entry }) => entry.keyId === named || entry.keyEnding === named.toUpperCase());
  const [first] = found;
  if (first === undefined) throw new CliFailure('notFound', `No key has the id or the ending ${named}.`, { remedy: '`muster authority keys` lists them.' });
  if (found.length > 1) throw new CliFailure('conflict', `${found.length} keys end in ${named}.`, { remedy: 'Name it by its id: `muster authority keys --json` shows them.' });
  return first;
};
