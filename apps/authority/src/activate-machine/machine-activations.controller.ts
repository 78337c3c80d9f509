import type { PermanentActivation } from '@muster/contracts';
import { machineActivationSchema, permanentActivationSchema } from '@muster/contracts';
import { type HttpRequest, OpenRoute } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { Body, Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import { privateBodyOf } from '../body/private-body.js';
import { typedKey } from '../body/typed-key.js';
import { SubmitMachineRequest } from './submit-machine-request.js';

@Controller('v1/machine-activations')
export class MachineActivationsController {
  constructor(@Inject(SubmitMachineRequest) private readonly machines: SubmitMachineRequest) {}

  @Post()
  @OpenRoute()
  @ApiOperation({
    summary: 'Activate a machine for ever with a multiple activation key',
    description: "The key, and a request signed by the machine's own key. The same request again returns the same lease; the same machine on the same hardware is confirmed again for nothing. A refusal is not final: the same request may be sent again.",
  })
  @ApiJsonBody(machineActivationSchema)
  @ApiCreatedResponse({ standardSchema: permanentActivationSchema })
  @ApiProblems('malformed-request', 'request-too-large', 'unsupported-media-type', 'forbidden', 'signature-invalid', 'key-misread', 'key-unknown', 'unknown-product', 'request-id-conflict')
  @ApiProblems('key-revoked', 'allowance-exhausted', 'group-not-covered', 'qualification-missing', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async activate(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<PermanentActivation> {
    const { key, request: signed } = privateBodyOf(body, request, machineActivationSchema);
    const { keyId } = typedKey(key, 'multiple');
    return this.machines.decide(await this.machines.verify(signed), { keyId, way: 'independent' });
  }
}
