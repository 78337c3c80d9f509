import { setTimeout as delay } from 'node:timers/promises';
import type { ReadinessAnswer } from '../../api/readiness.js';
import { readReadiness } from '../../api/readiness.js';
import { CliFailure } from '../../failure/cli-failure.js';
import { plainReach, type Reach } from './edge.js';
import type { HostJournal } from './host-journal.js';
import type { PlannedService } from './plan-services.js';

/** A service is ready when it has read its ledger's tail; a large one without a snapshot takes its minutes. */
const READY_TIMEOUT_MS = 10 * 60_000;
const READY_POLL_MS = 100;
const READY_SAID_EVERY_MS = 10_000;

/** Asked on plain loopback, unless it says where. */
interface AwaitedService extends Pick<PlannedService, 'name' | 'port'> {
  readonly reach?: Reach;
}

const askReadiness = ({ port, reach = plainReach(port) }: AwaitedService): Promise<ReadinessAnswer> => readReadiness(reach.url, reach.trust);

/** What only an administrator can put right, by the host itself: a word on the time, another activation, another key. */
const AWAITS_ADMINISTRATOR = ['event-store: time-step: ', 'host: revoked: ', 'host: signing-key-missing: '];

/** Policies that the vendor did not sign: nothing that is waited for makes them good. */
const REFUSED = 'host: certificate-refused: ';

/** Somebody has to decide, and needs the host for saying what is to be: it comes up without this service. */
const waitsForOperator = ({ down }: ReadinessAnswer): boolean => down.length > 0 && down.every((remark) => AWAITS_ADMINISTRATOR.some((start) => remark.startsWith(start)));

/** @throws CliFailure `conflict` */
const checkCertificate = ({ service, remarks }: ReadinessAnswer & { readonly service: Pick<PlannedService, 'name'> }): void => {
  const refused = remarks.find((remark) => remark.startsWith(REFUSED));
  if (refused !== undefined) throw new CliFailure('conflict', `${service.name} refuses to serve: ${refused.slice(REFUSED.length)}`, { remedy: 'Restore the ledger from a backup that nobody edited.' });
};

/** Waits until every service says that it can serve, or that `muster host accept-time` is all it lacks, and tells of each that does. @throws CliFailure `unreachable` when one never does, `conflict` when one never will */
export const untilReady = async (services: readonly AwaitedService[], { journal, signal }: { readonly journal: HostJournal; readonly signal: AbortSignal }): Promise<void> => {
  const startedAtMs = performance.now();
  let sayAtMs = startedAtMs + READY_SAID_EVERY_MS;
  let waiting = [...services];
  while (waiting.length > 0) {
    signal.throwIfAborted();
    const asked = await Promise.all(waiting.map(async (service) => ({ service, ...(await askReadiness(service)) })));
    for (const one of asked) checkCertificate(one);
    for (const { service } of asked.filter(({ ready }) => ready)) journal.step(`${service.name} is ready`);
    for (const { service, remarks } of asked.filter(waitsForOperator)) journal.warn(`${service.name} (${remarks.join(', ')})`);
    const notYet = asked.filter((one) => !one.ready && !waitsForOperator(one));
    waiting = notYet.map(({ service }) => service);
    if (waiting.length === 0) return;
    const names = notYet.map(({ service, remarks }) => `${service.name} (${remarks.join(', ') || 'it does not say why'})`).join('; ');
    if (performance.now() - startedAtMs > READY_TIMEOUT_MS) throw new CliFailure('unreachable', `Not ready after ${READY_TIMEOUT_MS / 60_000} minutes: ${names}.`, { remedy: 'The logs in the data directory say more.' });
    if (performance.now() > sayAtMs) {
      journal.warn(`still waiting for ${names}`);
      sayAtMs += READY_SAID_EVERY_MS;
    }
    await delay(READY_POLL_MS);
  }
};
