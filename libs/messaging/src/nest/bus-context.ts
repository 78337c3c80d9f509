import { BaseRpcContext } from '@nestjs/microservices';
import type { Msg } from '@nats-io/transport-node';
import { asTraceparent, TRACEPARENT_HEADER } from '../wire/wire-headers.js';

/** What `@Ctx()` gives a handler: the message beside its payload. */
export class BusContext extends BaseRpcContext<[Msg]> {
  constructor(message: Msg) {
    super([message]);
  }

  get subject(): string {
    return this.args[0].subject;
  }

  /** W3C Trace Context of the caller, to hand on to further requests. */
  get traceparent(): string | undefined {
    return asTraceparent(this.args[0].headers?.get(TRACEPARENT_HEADER));
  }
}
