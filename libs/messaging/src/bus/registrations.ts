import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Log } from '../log.js';
import { settledWithin } from './bounded.js';
import type { BusSubscription } from './bus.js';

const DRAIN_TIMEOUT_MS = 2000; // one round trip to NATS; a frozen one is not waited for

interface Registration {
  readonly subject: string;
  readonly queue: string | undefined;
  readonly onMessage: (message: Msg, connection: NatsConnection) => void;
  subscription: Subscription | undefined;
}

/** What this process listens to: made again on each new connection. */
export interface Registrations {
  add(registration: Omit<Registration, 'subscription'>): BusSubscription;
  /** Listens to everything on a connection that has just been made. */
  resume(connection: NatsConnection): void;
  /** Subjects that NATS does not let this user listen to, as of the present connection. */
  refused(): readonly string[];
  closeAll(): Promise<void>;
}

export function createRegistrations(log: Log): Registrations {
  const all = new Set<Registration>();
  const refused = new Set<string>();
  let current: NatsConnection | undefined;

  const listen = (registration: Registration, connection: NatsConnection): void => {
    const { subject, queue, onMessage } = registration;
    registration.subscription = connection.subscribe(subject, {
      ...(queue === undefined ? {} : { queue }),
      callback: (error, message) => {
        if (error === null) return onMessage(message, connection);
        refused.add(subject);
        log.error({ subject, queue, err: error }, 'NATS refuses to let this service listen');
      },
    });
  };

  const close = async (registration: Registration): Promise<void> => {
    all.delete(registration);
    const { subscription } = registration;
    // Draining hands over what NATS had already sent before it saw the end of the subscription.
    if (subscription !== undefined && !subscription.isClosed()) await settledWithin(subscription.drain(), DRAIN_TIMEOUT_MS);
  };

  return {
    add: (options) => {
      const registration: Registration = { ...options, subscription: undefined };
      all.add(registration);
      if (current !== undefined && !current.isClosed()) listen(registration, current);
      return { close: () => close(registration) };
    },
    resume: (connection) => {
      current = connection;
      refused.clear();
      for (const registration of all) listen(registration, connection);
    },
    refused: () => [...refused],
    closeAll: async () => {
      await Promise.all([...all].map(close));
    },
  };
}
