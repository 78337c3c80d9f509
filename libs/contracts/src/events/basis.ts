import { z } from 'zod';
import { base64url32, instant, position, uuid } from '../formats.js';

/** What a decision was made from, enough to make it again (DESIGN section 4). */
const common = {
  head: position.describe('the ledger position that everything was read as of'),
  now: instant.describe("the decision's time; equals the event's recordedAt"),
  rulesVersion: z.int().positive(),
  certificate: base64url32.describe('SHA-256 of the host certificate in force'),
};

const counted = { count: z.int().nonnegative(), threshold: z.int().positive() };

const unit = z.number().min(0).lt(1);

export const grantBasisSchema = z.strictObject({ ...common, ...counted, draws: z.strictObject({ leaseId: uuid, spread: unit }) });
export const deferralBasisSchema = z.strictObject({ ...common, ...counted, draws: z.strictObject({ spread: unit }) });
export const refusalBasisSchema = z.strictObject(common);
export const expiryBasisSchema = z.strictObject({ head: common.head, now: common.now, rulesVersion: common.rulesVersion });
