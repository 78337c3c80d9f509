import type { InstalledKey, PermanentState } from './permanent-state.js';

const asked = { wish: null, due: null, leftWith: null, failing: null, lastContact: null } as const;

/**
 * The state once a key is installed: the key says the method.
 *
 * A permanent lease that is held stays: drawn from this very key it is in use again at once, drawn from another it is in use until this one has brought its own.
 * The request that was under way was for another key, so nothing is known of it any more; the authority draws nothing twice for one machine.
 */
export const installKey = (state: PermanentState, key: InstalledKey): PermanentState => {
  const method = key.kind === 'multiple' ? 'multiple' : 'volume';
  if (state.key?.keyId === key.keyId && state.method === method) return state;
  return { ...state, ...asked, method, key };
};

/** The state without a key: by volume again. The permanent lease is laid aside, not thrown away: nobody could get it back for nothing but by the same key. */
export const removeKey = (state: PermanentState): PermanentState => ({ ...state, ...asked, method: 'volume', key: null });
