import { describe } from '@jest/globals';
import { appendConformance } from './append.conformance.js';
import { clockRuleConformance } from './clock-rule.conformance.js';
import { readConformance } from './read.conformance.js';
import { besideTheLedgerConformance } from './beside-the-ledger.conformance.js';
import type { MakeHarness } from './store-harness.js';
import { turnConformance } from './turn.conformance.js';

/** What every event store must do, whatever it is made of. Run inside Jest: one suite for each adapter. */
export const eventStoreConformance = (name: string, makeHarness: MakeHarness): void => {
  describe(name, () => {
    appendConformance(makeHarness);
    readConformance(makeHarness);
    besideTheLedgerConformance(makeHarness);
    clockRuleConformance(makeHarness);
    turnConformance(makeHarness);
  });
};
