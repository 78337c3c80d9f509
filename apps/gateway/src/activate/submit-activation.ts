import type { ActivationAnswer, RequestActivation } from '@muster/contracts';
import { ACTIVATION_REQUEST_BYTES_MAX, activationAnswerSchema, subjects } from '@muster/contracts';
import { Problem } from '@muster/kernel';
import { BUS, type Bus } from '@muster/messaging';
import type { VerifiedActivationRequest } from '@muster/trust';
import { verifyActivationRequest } from '@muster/trust';
import { Inject, Injectable } from '@nestjs/common';
import type { Arrival } from '../limits/index.js';
import { SignedRequests } from '../limits/index.js';

/** Longer than a batch under load takes, shorter than a client waits: past it the client is told to come back (503). */
const ACTIVATION_TIMEOUT_MS = 3000;

/** Verifies a machine's signed request once, and hands what it says to the activation service. */
@Injectable()
export class SubmitActivation {
  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(SignedRequests) private readonly requests: SignedRequests,
  ) {}

  /**
   * @param jws compact JWS, as received
   * @throws Problem `request-too-large`, `malformed-request`, `signature-invalid`, `enrolment-not-valid`, `rate-limited`, `overloaded`, or whatever the activation service answers
   */
  submit(jws: Uint8Array, arrival: Arrival): Promise<ActivationAnswer> {
    if (jws.length > ACTIVATION_REQUEST_BYTES_MAX) {
      throw new Problem('request-too-large', `A request to activate has at most ${ACTIVATION_REQUEST_BYTES_MAX} bytes; this one has ${jws.length}.`);
    }
    return this.requests.admit('new', arrival, { verify: () => verifyActivationRequest(jws), decide: (verified) => this.decide(verified, arrival) });
  }

  private decide({ machine, payload, contentDigest }: VerifiedActivationRequest, { address, traceparent }: Arrival): Promise<ActivationAnswer> {
    const { evidence, enrolment } = payload;
    const command: RequestActivation = {
      machine,
      requestId: payload.jti,
      product: payload.product,
      virtual: payload.machine.virtual,
      citedLease: payload.lease ?? null,
      audience: payload.aud ?? null,
      issuedAt: payload.iat,
      contentDigest,
      hostname: payload.machine.hostname,
      address,
      ...(evidence === undefined ? {} : { evidence }),
      ...(enrolment === undefined ? {} : { enrolment: enrolment.token }),
    };
    return this.bus.request(subjects.activationRequest, command, {
      schema: activationAnswerSchema,
      timeoutMs: ACTIVATION_TIMEOUT_MS,
      ...(traceparent === undefined ? {} : { traceparent }),
    });
  }
}
