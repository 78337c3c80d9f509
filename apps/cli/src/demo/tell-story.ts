import type { PoolsAnswer } from '@muster/contracts';
import { readPublicKeyFile } from '@muster/trust';
import { findHost } from '../access/find-host.js';
import type { LocalHost } from '../access/host-access.js';
import { hostApi, type HostApi } from '../api/host-api.js';
import { dataDirPaths } from '../data-dir/data-dir.js';
import type { Terminal } from '../terminal/terminal.js';
import { counted } from '../terminal/words.js';
import { demoFleet, type DemoFleet } from './demo-fleet.js';
import { killHost, type OwnHosts } from './demo-host.js';
import { demoLine, isAsExpected } from './demo-line.js';
import { demoStory } from './demo-story.js';
import { say, type Score } from './score.js';

interface Telling {
  readonly api: HostApi;
  readonly fleet: DemoFleet;
  readonly score: Score;
  readonly terminal: Terminal;
}

const muster = async ({ fleet, score, terminal }: Telling): Promise<void> => {
  let number = 0;
  for (const { title, requests } of demoStory) {
    say(terminal, `\n${terminal.paintData('bold', title)}`);
    for (const request of requests) {
      const answer = await fleet.ask(request);
      number += 1;
      score.note(isAsExpected(request, answer), `${request.hostname} ${request.product}: count ${answer.count}, threshold ${answer.threshold}, ${answer.outcome}`);
      say(terminal, demoLine(number, request, { answer, paint: terminal.paintData }));
    }
  }
  const waiting = fleet.withoutLease();
  const verdict = waiting.length === 0 ? `all ${counted(fleet.size(), 'machine')} hold a lease, each verified offline against the vendor's root key` : `without a lease: ${waiting.join(', ')}`;
  score.check(waiting.length === 0, verdict);
};

const countsOf = ({ pools }: PoolsAnswer): string =>
  pools.map(({ pool, count, physical, virtual, position }) => `pool ${pool}: count ${count}, ${physical} physical, ${virtual} virtual, at position ${position}`).join('; ');

const surviveSigkill = async ({ dataDir, run }: LocalHost, hosts: OwnHosts, { api, score, terminal }: Telling): Promise<void> => {
  const before = countsOf(await api.pools());
  const killed = await killHost(run);
  say(terminal, `\n${terminal.paintData('bold', `SIGKILL of the whole host: ${killed} processes, PostgreSQL and NATS among them. It is started again on the same data …`)}`);
  await hosts.start(dataDir, run);
  const after = countsOf(await api.pools());
  say(terminal, `     before  ${before}`);
  say(terminal, `     after   ${after}`);
  score.check(before === after, 'the counts are the same: they were read from the ledger again');
};

const repeatRequest = async ({ api, fleet, score }: Telling): Promise<void> => {
  const { head } = await api.describe();
  const { first, again } = await fleet.repeat('srv-01');
  const unmoved = (await api.describe()).head === head;
  score.check(unmoved && again.outcome === 'granted' && again.lease === first?.lease, 'the server repeats its old request: the same lease, byte for byte, and no second event');
};

const replay = async ({ api, score }: Telling): Promise<void> => {
  for await (const line of api.replay()) {
    if (line.status === 'done') score.check(line.equal, `replay from the first event: ${counted(line.events, 'event')}, the rebuilt counts ${line.equal ? 'equal' : 'DIFFER FROM'} the live ones`);
  }
};

/** Tells the whole story on a host: the fleet musters, the host is killed and started again, and everything is as it was. */
export const tellStory = async (local: LocalHost, { hosts, score, terminal }: { readonly hosts: OwnHosts; readonly score: Score; readonly terminal: Terminal }): Promise<void> => {
  const api = hostApi(findHost({ host: local.run.url, data: local.dataDir }));
  const root = await readPublicKeyFile(dataDirPaths(local.dataDir).vendorRoot);
  const telling: Telling = { api, fleet: demoFleet(api, root), score, terminal };
  await muster(telling);
  await surviveSigkill(local, hosts, telling);
  await repeatRequest(telling);
  await replay(telling);
};
