import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { Schema } from '../wire/schema.js';
import type { Bus } from './bus.js';

const POLL_MS = 10;

export const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Takes whatever comes. */
export const anything: Schema<unknown> = { safeParse: (value) => ({ success: true, data: value }) };

interface Numbered {
  readonly n: number;
}

const isNumbered = (value: unknown): value is Numbered => Number.isInteger((value as Numbered | null)?.n);

/** Takes `{ n: <integer> }` and nothing else. */
export const numbered: Schema<Numbered> = {
  safeParse: (value) => (isNumbered(value) ? { success: true, data: value } : { success: false, error: { issues: [{ path: ['n'], message: 'not an integer' }] } }),
};

const until = async (fact: () => boolean): Promise<void> => {
  while (!fact()) await delay(POLL_MS);
};

export const untilConnected = (bus: Bus): Promise<void> => until(() => bus.status().state === 'connected');
export const untilDisconnected = (bus: Bus): Promise<void> => until(() => bus.status().state === 'disconnected');
