import { SECOND_MS } from '@muster/kernel';
import type { Identification, TokenIdentifier } from './token-identifier.js';

/** A revoked token is refused everywhere after five seconds at the latest. Counted from the question, not from the answer; the rest is for one more question. */
export const REMEMBERED_MS_MAX = 4 * SECOND_MS;

/** Administrators are few; beyond these, whoever tries tokens pays with a question each, and pushes out the one longest unused. */
const REMEMBERED_TOKENS_MAX = 1024;

interface Remembered {
  readonly askedAtMs: number;
  readonly identification: Promise<Identification>;
}

/**
 * Asks once for what many requests want to know, and remembers it for {@link REMEMBERED_MS_MAX}. A failure is not remembered.
 *
 * @param nowMs monotonic time in milliseconds
 */
export const rememberingIdentifier = (asked: TokenIdentifier, nowMs: () => number = () => performance.now()): TokenIdentifier => {
  const remembered = new Map<string, Remembered>();
  const ask = (tokenHash: string, traceparent: string | undefined): Remembered => {
    const entry: Remembered = { askedAtMs: nowMs(), identification: asked.identify(tokenHash, traceparent) };
    entry.identification.catch(() => {
      if (remembered.get(tokenHash) === entry) remembered.delete(tokenHash);
    });
    return entry;
  };
  return {
    identify: (tokenHash, traceparent) => {
      const found = remembered.get(tokenHash);
      const entry = found !== undefined && nowMs() - found.askedAtMs < REMEMBERED_MS_MAX ? found : ask(tokenHash, traceparent);
      // A Map keeps the order of insertion: what is used goes to its end, what is longest unused stands first.
      remembered.delete(tokenHash);
      remembered.set(tokenHash, entry);
      if (remembered.size > REMEMBERED_TOKENS_MAX) for (const oldest of remembered.keys()) {
        remembered.delete(oldest);
        break;
      }
      return entry.identification;
    },
  };
};
