import { BUS } from '@muster/messaging';
import { Controller, Get, Inject, Module, Optional } from '@nestjs/common';
import { processConfig } from '../config/common-config.js';
import { OpenRoute } from '../http/open-route.decorator.js';
import { startService } from './start-service.js';

@Controller('v1/bus')
class BusController {
  constructor(@Optional() @Inject(BUS) private readonly bus: unknown) {}

  @Get()
  @OpenRoute()
  read(): object {
    return { bus: this.bus ?? null };
  }
}

@Module({ controllers: [BusController] })
class LoneModule {}

describe('a service that stands alone', () => {
  it('is ready, answers and stops without a bus', async () => {
    const service = await startService({ name: 'lone', nats: 'none', config: processConfig, module: LoneModule, env: { MUSTER_HTTP_PORT: '0' }, logDestination: { write: () => undefined } });
    const read = async (path: string): Promise<unknown> => (await fetch(`${service.url}${path}`)).json();
    expect(await read('/readyz')).toEqual({ status: 'ready', checks: [] });
    expect(await read('/v1/bus')).toEqual({ bus: null });
    expect(await service.stop()).toBe(true);
  });
});
