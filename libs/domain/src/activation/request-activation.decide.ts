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
  if (screened.status === 'refused') return { status: 'recorded', events: [requested(subject), refused(subject, screened.reason)] };
  const events = [requested(subject), outcomeByCount(subject, screened.pool)] as const;
  // Before the request, which is then the first of an enrolled machine.
  if (context.standing?.status === 'enrols') return { status: 'recorded', events: [{ type: 'MachineEnrolled', data: { machine: request.machine, tokenId: context.standing.tokenId } }, ...events] };
  return { status: 'recorded', events };
};
