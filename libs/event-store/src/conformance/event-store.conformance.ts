import { describe } from '@jest/globals';
import { appendConformance } from './append.conformance.js';
import { besideTheLedgerConformance } from './beside-the-ledger.conformance.js';
import { clockRuleConformance } from './clock-rule.conformance.js';
import { interleavingProperty } from './interleaving.property.js';
import { readConformance } from './read.conformance.js';
import type { MakeHarness } from './store-harness.js';
import { turnConformance } from './turn.conformance.js';

/** Random histories of concurrent appenders. fast-check prints the seed of a failing one. */
const INTERLEAVINGS = 20;

/** What every event store must do, whatever it is made of. Run inside Jest: one suite for each adapter. */
export const eventStoreConformance = (name: string, makeHarness: MakeHarness, interleavings = INTERLEAVINGS): void => {
  describe(name, () => {
    appendConformance(makeHarness);
    readConformance(makeHarness);
    besideTheLedgerConformance(makeHarness);
    clockRuleConformance(makeHarness);
    turnConformance(makeHarness);
    interleavingProperty(makeHarness, interleavings);
  });
};
