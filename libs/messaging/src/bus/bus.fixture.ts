import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { Bus } from './bus.js';

const POLL_MS = 10;

export const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const until = async (fact: () => boolean): Promise<void> => {
  while (!fact()) await delay(POLL_MS);
};

export const untilConnected = (bus: Bus): Promise<void> => until(() => bus.status().state === 'connected');
export const untilDisconnected = (bus: Bus): Promise<void> => until(() => bus.status().state === 'disconnected');
