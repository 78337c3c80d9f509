import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { Roles } from '../access/roles.decorator.js';
import type { HttpReply } from '../http/http-message.js';
import { OpenRoute } from '../http/open-route.decorator.js';
import type { Metrics } from '../metrics/metrics.js';
import { METRICS, READINESS } from '../tokens.js';
import type { Readiness, ReadinessRegistry } from './readiness-registry.js';

/** What supervisors and Prometheus ask. */
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly registry: ReadinessRegistry,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  /** Depends on nothing: a liveness that asked the database would restart every service at once when it is away. */
  @Get('livez')
  @OpenRoute()
  livez(): { readonly status: 'live' } {
    return { status: 'live' };
  }

  @Get('readyz')
  @OpenRoute()
  async readyz(@Res({ passthrough: true }) reply: HttpReply): Promise<Readiness> {
    const readiness = await this.registry.readiness();
    reply.code(readiness.status === 'ready' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE).header('cache-control', 'no-store');
    return readiness;
  }

  @Get('metrics')
  @Roles('viewer')
  async text(@Res({ passthrough: true }) reply: HttpReply): Promise<string> {
    reply.header('content-type', this.metrics.contentType);
    return this.metrics.render();
  }
}
