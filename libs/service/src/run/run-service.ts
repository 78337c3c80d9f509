import { ConfigError } from '../config/load-config.js';
import { createLogger } from '../logging/create-logger.js';
import { type ServiceOptions, startService } from './start-service.js';

const EXIT_FAILED = 1;
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * The whole of a service's `main.ts`.
 *
 * SIGTERM or SIGINT: finishes what is in flight and exits with 0, or with 1 when something had to be given up; a second signal exits at once.
 * A configuration that is not usable, or an error that nobody caught: says so and exits with 1.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  // Until the configuration is read there is no level to obey, and what is said then is said loudly.
  let log = createLogger({ service: options.name, level: 'info' });
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'nobody caught this error');
    process.exit(EXIT_FAILED);
  });

  let stopRequested: () => void = () => undefined;
  const untilStop = new Promise<void>((resolve) => {
    stopRequested = resolve;
  });
  let signals = 0;
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(EXIT_FAILED);
      stopRequested();
    });
  }

  try {
    const service = await startService(options);
    log = service.log;
    await untilStop;
    process.exit((await service.stop()) ? 0 : EXIT_FAILED);
  } catch (error) {
    if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, 'could not start');
    process.exit(EXIT_FAILED);
  }
}
