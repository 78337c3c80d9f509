import { randomUUID } from 'node:crypto';
import type { Event } from '@event-driven-io/emmett';
import { STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { driveInFlight } from '../measure/drive-in-flight.js';
import type { Subject } from '../measure/lane.js';
import type { BenchServer } from '../stack/bench-server.js';
import { aRequest, requestedEvent } from './domain-events.js';
import { IN_FLIGHT } from './in-flight.js';

export const EMMETT = 'Emmett, one event a new stream';

type ActivationRequested = Event<'ActivationRequested', ReturnType<typeof requestedEvent>['data']>;

export const emmettSubject = (server: BenchServer): Subject => ({
  name: EMMETT,
  measure: (seconds) =>
    server.withFreshDatabase(async (url) => {
      const store = getPostgreSQLEventStore(url);
      try {
        await store.schema.migrate();
        await server.checkpoint();
        return await driveInFlight({
          inFlight: IN_FLIGHT,
          seconds,
          operation: () =>
            store.appendToStream<ActivationRequested>(`activation-${randomUUID()}`, [requestedEvent(aRequest())], { expectedStreamVersion: STREAM_DOES_NOT_EXIST }),
        });
      } finally {
        await store.close();
      }
    }),
});
