import type { ActivationKeys, HostKeyEntry, MultipleActivationKeyEntry } from '@muster/contracts';
import { CliFailure } from '../../failure/cli-failure.js';

export type FoundKey = { readonly kind: 'host'; readonly entry: HostKeyEntry } | { readonly kind: 'multiple'; readonly entry: MultipleActivationKeyEntry };

/** A key by its id or by its last group. @throws CliFailure `notFound`; `conflict` when several end so */
export const findKey = ({ hostKeys, multipleActivationKeys }: ActivationKeys, named: string): FoundKey => {
  const all: readonly FoundKey[] = [...hostKeys.map((entry) => ({ kind: 'host' as const, entry })), ...multipleActivationKeys.map((entry) => ({ kind: 'multiple' as const, entry }))];
  const found = all.filter(({ entry }) => entry.keyId === named || entry.keyEnding === named.toUpperCase());
  const [first] = found;
  if (first === undefined) throw new CliFailure('notFound', `No key has the id or the ending ${named}.`, { remedy: '`muster authority keys` lists them.' });
  if (found.length > 1) throw new CliFailure('conflict', `${found.length} keys end in ${named}.`, { remedy: 'Name it by its id: `muster authority keys --json` shows them.' });
  return first;
};
