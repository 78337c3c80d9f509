/** What this library needs of a logger; pino's loggers are one. Fields first, then one sentence without variable parts. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
