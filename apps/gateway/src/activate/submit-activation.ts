import type { ActivationAnswer, RequestActivation } from '@muster/contracts';
import { activationAnswerSchema, subjects } from '@muster/contracts';
import { BUS, type Bus } from '@muster/messaging';
import { verifyActivationRequest } from '@muster/trust';
import { Inject, Injectable } from '@nestjs/common';

/** Longer than a batch under load takes, shorter than a client waits: past it the client is told to come back (503). */
const ACTIVATION_TIMEOUT_MS = 3000;

export interface SubmissionContext {
  /** Where the request came from; personal data, kept beside the ledger. */
  readonly address: string | null;
  readonly traceparent: string | undefined;
}

/** Verifies a machine's signed request once, and hands what it says to the activation service. */
@Injectable()
export class SubmitActivation {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  /**
   * @param jws compact JWS, as received
   * @throws Problem `malformed-request`, `signature-invalid`, `enrolment-not-valid`, or whatever the activation service answers
   */
  async submit(jws: Uint8Array, { address, traceparent }: SubmissionContext): Promise<ActivationAnswer> {
    const { machine, payload, contentDigest } = await verifyActivationRequest(jws);
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
