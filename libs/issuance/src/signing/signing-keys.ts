import { unlink } from 'node:fs/promises';
import type { SigningKey } from '@muster/trust';
import { readPrivateKeyFile, signingKeyFile } from '@muster/trust';

/** The private keys of the host, by the thumbprints of their public halves. */
export interface SigningKeys {
  /** Undefined when this process cannot have it: its file is not there, or not there yet. */
  find(kid: string): Promise<SigningKey | undefined>;
  /** Takes it out of memory, and its file away. @throws Error when the file stays */
  forget(kid: string): Promise<void>;
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const readIfThere = async (path: string): Promise<SigningKey | undefined> => {
  try {
    return await readPrivateKeyFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** The host key, and whatever keys lie in the directory at the moment when they are needed: a new one takes no restart. */
export const signingKeysIn = ({ hostKey, directory }: { readonly hostKey: SigningKey; readonly directory: string }): SigningKeys => {
  const held = new Map([[hostKey.id, hostKey]]);
  return {
    find: async (kid) => {
      const known = held.get(kid);
      if (known !== undefined) return known;
      const path = signingKeyFile(directory, kid);
      const key = await readIfThere(path);
      if (key === undefined) return undefined;
      if (key.id !== kid) throw new Error(`${path} holds another key than its name says`);
      held.set(kid, key);
      return key;
    },
    forget: async (kid) => {
      if (kid === hostKey.id) throw new Error('the host key is not forgotten: it vouches for the others');
      held.delete(kid);
      await unlink(signingKeyFile(directory, kid)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
  };
};

/** Keys in memory alone, for tests. */
export const signingKeysOf = (...keys: readonly SigningKey[]): SigningKeys => {
  const held = new Map(keys.map((key) => [key.id, key]));
  return { find: (kid) => Promise.resolve(held.get(kid)), forget: (kid) => Promise.resolve(void held.delete(kid)) };
};
