import type { InstallationRequestPayload, MachineConfirmations } from '@muster/contracts';
import { confirmMachinesSchema, machineConfirmationsSchema, PROXY_BATCH_MAX } from '@muster/contracts';
import { isProblem, Problem } from '@muster/kernel';
import { type HttpRequest, OpenRoute } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import type { VerifiedRequest } from '@muster/trust';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { privateBodyOf } from '../body/private-body.js';
import { typedKey } from '../body/typed-key.js';
import { CurrentAuthority } from '../ledger/current-authority.js';
import { SubmitMachineRequest } from './submit-machine-request.js';

type Confirmation = MachineConfirmations['confirmations'][number];

@Controller('v1/machine-confirmations')
export class MachineConfirmationsController {
  constructor(
    @Inject(SubmitMachineRequest) private readonly machines: SubmitMachineRequest,
    @Inject(CurrentAuthority) private readonly authority: CurrentAuthority,
  ) {}

  @Post()
  @OpenRoute()
  @HttpCode(200)
  @ApiOperation({
    summary: `Activate machines of an isolated network by proxy, up to ${PROXY_BATCH_MAX} at once`,
    description: 'Whoever has the key may ask, from any computer that reaches this one. One answer for each request, in their order: a lease, or why there is none. What is refused does not keep the others from being granted. Sending the same requests again returns the same leases.',
  })
  @ApiJsonBody(confirmMachinesSchema)
  @ApiOkResponse({ standardSchema: machineConfirmationsSchema })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'forbidden', 'key-misread', 'key-unknown', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async confirm(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<MachineConfirmations> {
    const { key, requests } = privateBodyOf(body, request, confirmMachinesSchema);
    const { keyId } = typedKey(key, 'multiple');
    await this.remainingOf(keyId);
    const verified = await Promise.allSettled(requests.map((signed) => this.machines.verify(signed)));
    // All at once and in their order, so that they are decided in one batch or a few, each knowing those before it.
    const confirmations = await Promise.all(verified.map((one) => this.confirmOne(one, keyId)));
    return { confirmations, remaining: await this.remainingOf(keyId) };
  }

  /** Hands the request on before it first waits: whoever calls it in an order has them decided in that order. */
  private async confirmOne(verified: PromiseSettledResult<VerifiedRequest<InstallationRequestPayload>>, keyId: string): Promise<Confirmation> {
    try {
      if (verified.status === 'rejected') throw verified.reason;
      return await this.machines.decide(verified.value, { keyId, way: 'proxy' });
    } catch (error) {
      // What may go better the next time is the answer to all of them: sent again, they get what was granted by then.
      if (!isProblem(error) || error.kind === 'internal' || error.retryAfterSeconds !== undefined) throw error;
      return { outcome: 'refused', machine: verified.status === 'rejected' ? null : verified.value.machine, reason: error.kind, detail: error.detail };
    }
  }

  private async remainingOf(keyId: string): Promise<number> {
    const key = (await this.authority.read()).state.multipleActivationKeys.get(keyId);
    if (key === undefined) throw new Problem('key-unknown', 'This authority issued no such key. It is well formed, so it is not a typing error.');
    return Math.max(0, key.allowance - key.used);
  }
}
