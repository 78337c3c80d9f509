import type { RequestActivation } from '@muster/contracts';
import type { HostState } from '../hosts/host.fold.js';
import { signingKidOf } from '../hosts/signing-keys.rule.js';
import type { ActivationContext, ActivationDecision } from './outcome-events.js';
import { outcomeByCount, refused, requested } from './outcome-events.js';
import { screenRequest } from './screen-request.rule.js';

/** Decides a request whose id is new to the ledger. */
export const decideActivation = (request: RequestActivation, host: HostState, context: ActivationContext): ActivationDecision => {
  const screened = screenRequest(request, host, context);
  if (screened.status === 'rejected') return screened;
  const subject = { request, product: screened.product, certificate: screened.certificate, kid: signingKidOf(host), context };
  const outcome = screened.status === 'refused' ? refused(subject, screened.reason) : outcomeByCount(subject, screened.pool);
  return { status: 'recorded', events: [requested(subject), outcome] };
};
