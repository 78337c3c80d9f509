import type { Log } from '@muster/messaging';
import { type DynamicModule, Module } from '@nestjs/common';
import { HealthController } from '../health/health.controller.js';
import type { ServiceClock } from '../clock/service-clock.js';
import type { ReadinessRegistry } from '../health/readiness-registry.js';
import type { Metrics } from '../metrics/metrics.js';
import { CLOCK, CONFIG, LOG, METRICS, READINESS } from '../tokens.js';

interface ServiceParts {
  readonly clock: ServiceClock;
  readonly config: unknown;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly readiness: ReadinessRegistry;
}

/** Gives every module of a service its clock, configuration, log, metrics and readiness. */
@Module({})
export class ServiceModule {
  static forRoot({ clock, config, log, metrics, readiness }: ServiceParts): DynamicModule {
    return {
      module: ServiceModule,
      global: true,
      controllers: [HealthController],
      providers: [
        { provide: CLOCK, useValue: clock },
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
        { provide: METRICS, useValue: metrics },
        { provide: READINESS, useValue: readiness },
      ],
      exports: [CLOCK, CONFIG, LOG, METRICS, READINESS],
    };
  }
}
