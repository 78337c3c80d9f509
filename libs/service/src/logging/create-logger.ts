import { systemClock, toInstant } from '@muster/kernel';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { redactFields } from './redact.js';

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}

/** JSON lines with the time as RFC 3339, the level by name, and nothing that is secret. */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    timestamp: () => `,"time":"${toInstant(systemClock.nowMs())}"`,
    formatters: { level: (label: string) => ({ level: label }), log: (fields: Record<string, unknown>) => redactFields(fields) },
    serializers: { err: (error: Error) => redactFields({ ...stdSerializers.err(error) }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
