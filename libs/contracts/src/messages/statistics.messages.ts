import { z } from 'zod';
import type { RefusalReason } from '../events/activation.events.js';
import { instant, position } from '../formats.js';

/**
 * What a machine is for the product that it asks for, as the ledger shows it at the moment of the request; the client's own states, by its default
 * thresholds.
 */
export const licenceStates = ['unlicensed', 'licensed', 'grace', 'notification', 'expired'] as const;

/** What became of a machine's request: exactly one of these. */
export const requestOutcomes = ['granted', 'deferred', 'renewed', 'renewal-deferred', 'released', 'refused'] as const;

const total = z.int().nonnegative();

const counter = (meaning: string) => total.describe(meaning);

/** Every request of a machine that is on record, once each: a repeat of a request id is the request that it repeats. */
const requestTotals = z.strictObject({
  received: counter('the sum by licence state, and the sum by outcome'),
  failed: counter('refused; a deferral is no failure: the machine was counted'),
  failedByReason: z.strictObject({
    'product-not-covered': total,
    'host-retired': total,
    'host-certificate-not-valid': total,
    'qualification-missing': total,
  } satisfies Record<RefusalReason, typeof total>),
  byLicenceState: z.strictObject({
    unlicensed: counter('held no lease for the product: a first activation, or one after its lease was released'),
    licensed: counter('held a lease with more than half its length left'),
    grace: counter('held a lease with half its length left or less, and more than 30 days'),
    notification: counter('held a lease with 30 days left or less'),
    expired: counter('had let its latest lease run out, less than 400 days ago'),
  } satisfies Record<(typeof licenceStates)[number], typeof total>),
  byOutcome: z.strictObject({
    granted: counter('a lease for a machine that asked for its activation'),
    deferred: counter('an activation below the threshold'),
    renewed: counter('a new lease in place of a running one'),
    'renewal-deferred': counter('a renewal below the threshold: the lease keeps running'),
    released: counter('a lease that its machine gave back'),
    refused: counter('the host cannot serve the product; see failedByReason'),
  } satisfies Record<(typeof requestOutcomes)[number], typeof total>),
});

/** What happened to leases and machines without a request of the machine. */
const otherTotals = z.strictObject({
  leasesForceReleased: counter('ended by an administrator, by force or with their machine'),
  leasesExpired: counter('ran out without being renewed'),
  machinesRetired: counter('taken out of every count by an administrator'),
});

/** The answer of `muster.v1.statistics.read`: totals over the whole ledger, the same from whichever replica. */
export const statisticsAnswerSchema = z.strictObject({
  position: position.describe('the ledger position that the totals are as of'),
  asOf: instant.describe('when they were asked for, by the time that all replicas share'),
  requests: requestTotals,
  others: otherTotals,
});

/** The answer of `GET /v1/statistics`. */
export const hostStatisticsSchema = z.strictObject({
  ...statisticsAnswerSchema.shape,
  listening: z.array(z.strictObject({ address: z.string(), port: z.int().positive() })).describe('where the gateway that answered takes connections'),
});

export type LicenceState = (typeof licenceStates)[number];
export type RequestOutcome = (typeof requestOutcomes)[number];
export type RequestTotals = Readonly<z.infer<typeof requestTotals>>;
export type OtherTotals = Readonly<z.infer<typeof otherTotals>>;
export type StatisticsAnswer = Readonly<z.infer<typeof statisticsAnswerSchema>>;
export type HostStatistics = Readonly<z.infer<typeof hostStatisticsSchema>>;
