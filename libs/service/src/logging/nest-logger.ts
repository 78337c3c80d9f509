import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

type Level = 'debug' | 'warn' | 'error' | 'fatal' | 'trace';

/**
 * Nest's own log lines in ours.
 * What Nest calls `log`, such as each route it maps, is `debug` here: a service says itself when it is ready.
 */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('debug', message, rest);
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('trace', message, rest);
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('warn', message, rest);
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('error', message, rest);
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** Nest passes the context as the last string, and for errors the stack before it. */
  #write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = rest.findLast((part) => typeof part === 'string');
    if (message instanceof Error) this.#logger[level]({ err: message, context }, message.message);
    else this.#logger[level]({ context }, typeof message === 'string' ? message : JSON.stringify(message));
  }
}
