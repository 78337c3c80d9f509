import 'reflect-metadata';
import { type BusUser, inboxPrefix } from '@muster/contracts';
import { type Bus, connectBus, type Handled, type Log, MessagingModule, MusterNatsServer } from '@muster/messaging';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream, Logger } from 'pino';
import { assertAccessDeclared } from '../access/assert-access.js';
import { openServiceClock } from '../clock/service-clock.js';
import type { CommonConfig, ProcessConfig } from '../config/common-config.js';
import { type Environment, loadConfig } from '../config/load-config.js';
import type { ConfigDefinition, Setting } from '../config/setting.js';
import { busCheck } from '../health/bus.check.js';
import { ReadinessRegistry } from '../health/readiness-registry.js';
import { createHttpAdapter, type HttpOptions } from '../http/create-http-adapter.js';
import { ProblemValidationPipe } from '../http/problem-validation.pipe.js';
import { createLogger } from '../logging/create-logger.js';
import { NestLogger } from '../logging/nest-logger.js';
import { createMetrics, type Metrics } from '../metrics/metrics.js';
import { ServiceModule } from './service.module.js';

const STOP_TIMEOUT_MS = 9000; // Docker sends SIGKILL 10 s after SIGTERM

type DefinitionOf<Config> = ConfigDefinition & { readonly [K in keyof Config]: Setting<Config[K]> };

/** A definition with at least the common settings. */
export type ServiceConfigDefinition = DefinitionOf<CommonConfig>;

/** A definition with at least the settings of a service that is not on the bus. */
export type ProcessConfigDefinition = DefinitionOf<ProcessConfig>;

interface CommonOptions {
  readonly module: Type | DynamicModule;
  readonly http?: HttpOptions;
  /** For what needs the assembled app, such as its OpenAPI document. */
  readonly beforeListen?: (app: NestFastifyApplication) => void | Promise<void>;
  /** `process.env` unless given. */
  readonly env?: Environment;
  /** Where the log goes; standard output unless given. */
  readonly logDestination?: DestinationStream;
}

/** A service of a host: it answers on the bus, and asks there. */
export interface BusServiceOptions extends CommonOptions {
  /** Also its NATS user and its queue group. */
  readonly name: BusUser;
  readonly config: ServiceConfigDefinition;
  readonly nats?: { readonly handlersInFlightMax?: number };
}

/** A service that stands alone: HTTP is its only door, and nothing of it asks for the bus. */
export interface LoneServiceOptions extends CommonOptions {
  readonly name: string;
  readonly config: ProcessConfigDefinition;
  readonly nats: 'none';
}

export type ServiceOptions = BusServiceOptions | LoneServiceOptions;

export interface RunningService {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly log: Logger;
  /** Takes no new work, finishes what is in flight, closes everything; false when that took too long and was given up. */
  stop(): Promise<boolean>;
}

/** Joins what every service has with what this one is. */
@Module({})
class ServiceRoot {}

function observeHandled(metrics: Metrics): (handled: Handled) => void {
  const durations = metrics.histogram({ name: 'muster_bus_request_duration_seconds', help: 'From a message to its reply.', labelNames: ['subject', 'outcome'] });
  return ({ subject, outcome, seconds }) => durations.observe({ subject, outcome }, seconds);
}

/** The way to the bus, and the server that answers there. */
function openBus({ name, nats }: BusServiceOptions, common: CommonConfig, { log, metrics }: { readonly log: Log; readonly metrics: Metrics }): { readonly bus: Bus; readonly server: MusterNatsServer } {
  const credentials = common.natsPassword === undefined ? {} : { user: name, password: common.natsPassword };
  const bus = connectBus({ url: common.natsUrl, ...credentials, name, inboxPrefix: inboxPrefix(name), log });
  return { bus, server: new MusterNatsServer({ bus, queue: name, log, onHandled: observeHandled(metrics), ...nats }) };
}

async function finishedWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([work.then(() => true), expired]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Starts a service: health and HTTP on one port, its subjects on NATS.
 * Resolves when it listens, which is before it is ready: NATS may be away. Rejects with a `ConfigError`, or with what its module cannot do.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { name, env = process.env } = options;
  const { config, unknownVariables } = loadConfig<ProcessConfigDefinition>(options.config, env);
  const common: ProcessConfig = config;
  const log = createLogger({ service: name, level: common.logLevel, ...(options.logDestination === undefined ? {} : { destination: options.logDestination }) });
  if (unknownVariables.length > 0) log.warn({ variables: unknownVariables }, 'these variables mean nothing to this service');

  const clock = openServiceClock(common, log);
  const metrics = createMetrics(name);
  const readiness = new ReadinessRegistry();
  const { adapter, filter } = createHttpAdapter(options.http ?? {}, { config: common, log, metrics, readiness });
  const onBus = options.nats === 'none' ? undefined : openBus(options, config as CommonConfig, { log, metrics });
  if (onBus !== undefined) readiness.register('nats', busCheck(onBus.bus));

  const root: DynamicModule = {
    module: ServiceRoot,
    imports: [ServiceModule.forRoot({ clock, config, log, metrics, readiness }), ...(onBus === undefined ? [] : [MessagingModule.forRoot({ bus: onBus.bus })]), options.module],
  };

  let app: NestFastifyApplication | undefined;
  try {
    app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: new NestLogger(log), bodyParser: false, abortOnError: false });
    app.useGlobalFilters(filter);
    app.useGlobalPipes(new ProblemValidationPipe());
    if (onBus !== undefined) app.connectMicroservice({ strategy: onBus.server }, { inheritAppConfig: true });
    await app.init();
    assertAccessDeclared(app);
    await options.beforeListen?.(app);
    await app.startAllMicroservices();
    await app.listen({ host: common.httpAddress, port: common.httpPort });
  } catch (error) {
    await (app?.close() ?? onBus?.bus.close())?.catch(() => undefined);
    throw error;
  }
  const url = await app.getUrl();
  log.info({ url }, 'listening');

  const running = app;
  const stop = async (): Promise<boolean> => {
    readiness.stop();
    log.info({}, 'stopping');
    // Both doors at once; Nest alone would close HTTP first and take NATS requests meanwhile. The bus closes last, with the modules.
    const finished = await finishedWithin(Promise.all([onBus?.server.close(), running.close()]), STOP_TIMEOUT_MS);
    log.info({ finished }, 'stopped');
    return finished;
  };
  let stopped: Promise<boolean> | undefined;
  return { url, app, log, stop: () => (stopped ??= stop()) };
}
