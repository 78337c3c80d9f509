import { Problem } from '@muster/kernel';
import type { ActivationKey, ActivationKeyKind } from '@muster/trust';
import { parseActivationKey } from '@muster/trust';

const names = { host: 'host key', multiple: 'multiple activation key', setup: 'setup key' } as const satisfies Record<ActivationKeyKind, string>;

/**
 * Reads a key as somebody typed it. From here on it is known by its digest alone.
 *
 * @throws Problem `key-misread` (extension `groups`: which are wrong, from 1) told apart from `key-unknown` (of another kind)
 */
export const typedKey = (text: string, kind: ActivationKeyKind): Omit<ActivationKey, 'key'> => {
  const read = parseActivationKey(text);
  if (read.status === 'misread') throw new Problem('key-misread', read.detail, { extensions: { groups: read.groups.join(', ') } });
  if (read.kind !== kind) throw new Problem('key-unknown', `This is a ${names[read.kind]}; here a ${names[kind]} is needed.`);
  return { kind: read.kind, keyId: read.keyId, ending: read.ending };
};
