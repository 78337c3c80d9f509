import { Controller, Get, Inject, Module, type OnApplicationShutdown, Query } from '@nestjs/common';
import { commonConfig, defineConfig, LOG, type Log, OpenRoute, runService } from '../index.js';

const HELD_MS = 300;

@Controller()
@OpenRoute()
class FixtureController implements OnApplicationShutdown {
  constructor(@Inject(LOG) private readonly log: Log) {}

  /** Says that it has begun, and answers a little later. */
  @Get('held')
  async held(): Promise<{ readonly finished: true }> {
    this.log.info({}, 'held');
    await new Promise((resolve) => setTimeout(resolve, HELD_MS));
    return { finished: true };
  }

  @Get('crash')
  crash(@Query('token') token: string): void {
    setImmediate(() => {
      throw new Error(`nobody catches this: https://user:${token}@host`);
    });
  }

  onApplicationShutdown(): void {
    this.log.info({}, 'closed');
  }
}

@Module({ controllers: [FixtureController] })
class FixtureModule {}

await runService({ name: 'counting', config: defineConfig(commonConfig), module: FixtureModule });
