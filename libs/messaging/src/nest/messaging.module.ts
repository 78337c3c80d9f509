import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Bus } from '../bus/bus.js';

/** Injects the `Bus`. */
export const BUS = Symbol('muster.bus');

/** Gives every module the bus, and closes it once nothing uses it any more. */
@Module({})
export class MessagingModule implements OnApplicationShutdown {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  static forRoot(options: { readonly bus: Bus }): DynamicModule {
    return { module: MessagingModule, global: true, providers: [{ provide: BUS, useValue: options.bus }], exports: [BUS] };
  }

  /** Nest calls this after the HTTP server and the transports are closed, so handlers in flight could still use the bus. */
  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }
}
