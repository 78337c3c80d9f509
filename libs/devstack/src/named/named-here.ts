import { findNamed, type NamedPrograms } from './find-named.js';

/** BIND as it is installed here; undefined, and said loudly, when it is not: for tests, which are then skipped. `what` is not tested without it. */
export function namedHere(what: string): NamedPrograms | undefined {
  try {
    return findNamed();
  } catch (error) {
    process.stderr.write(`\n*** NOT TESTED: ${what}. ${error instanceof Error ? error.message : String(error)}\n\n`);
    return undefined;
  }
}
