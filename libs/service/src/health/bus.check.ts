import { SECOND_MS, systemClock } from '@muster/kernel';
import type { Bus } from '@muster/messaging';
import type { Check } from './readiness-registry.js';

/** A service that NATS does not reach is of no use to anybody. */
export const busCheck =
  (bus: Bus): Check =>
  () => {
    const status = bus.status();
    switch (status.state) {
      case 'connected':
        return { status: 'up' };
      case 'disconnected':
        return { status: 'down', detail: `disconnected for ${Math.round((systemClock.nowMs() - status.sinceMs) / SECOND_MS)} s: ${status.reason}` };
      case 'refused':
        return { status: 'down', detail: `NATS refuses ${status.subjects.join(', ')} to this user` };
      default:
        return status satisfies never;
    }
  };
