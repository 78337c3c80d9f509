import type { ActivationKey, PublicJwk } from '@muster/trust';
import { parseActivationKey } from '@muster/trust';
import type { InstalledKey } from '../core/permanent/permanent-state.js';
import { setupKeyOf } from './setup-key.js';

/** Why a key cannot be installed; nothing was sent anywhere. */
export interface KeyRefused {
  readonly code: 'key-misread' | 'key-unknown';
  readonly detail: string;
  /** The groups that cannot be right, from 1. */
  readonly groups: readonly number[];
}

export type ReadKey = { readonly read: true; readonly key: ActivationKey; readonly installed: InstalledKey } | { readonly read: false; readonly refused: KeyRefused };

const refuse = (code: KeyRefused['code'], detail: string, groups: readonly number[] = []): ReadKey => ({ read: false, refused: { code, detail, groups } });

/** Reads a key as somebody typed it, for one product. A mistake of the hand is told apart from a key for something else. */
export const readProductKey = (text: string, { root, product }: { readonly root: PublicJwk; readonly product: string }): ReadKey => {
  const key = parseActivationKey(text);
  if (key.status === 'misread') return refuse('key-misread', key.detail, key.groups);
  const { kind, keyId, ending } = key;
  switch (kind) {
    case 'host':
      return refuse('key-unknown', 'It is a host key: install it on an activation host, with `muster host install-key`.');
    case 'setup':
      if (keyId !== setupKeyOf({ root, product }).keyId) return refuse('key-unknown', `It is not the setup key of ${product}.`);
      return { read: true, key, installed: { kind, keyId, ending } };
    case 'multiple':
      return { read: true, key, installed: { kind, keyId, ending } };
    default:
      return kind satisfies never;
  }
};
