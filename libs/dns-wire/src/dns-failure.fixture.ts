import { type DnsFailure, isDnsFailure } from './dns-failure.js';

/** The failure that the promise must end in. */
export async function failureOf(doing: Promise<unknown>): Promise<DnsFailure> {
  const error: unknown = await doing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isDnsFailure(error)) return error;
  throw new Error('it did not end in a DnsFailure', { cause: error });
}

/** The failure that the function must throw. */
export function failureIn(run: () => unknown): DnsFailure {
  const outcome = outcomeOf(run);
  if (isDnsFailure(outcome)) return outcome;
  throw new Error('it threw no DnsFailure', { cause: outcome });
}

/** What the function answers, or the DnsFailure that it throws; any other error goes on. */
export function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (isDnsFailure(error)) return error;
    throw error;
  }
}
