import assert from 'node:assert/strict';
import type { DnsDescription, EventOf, EventType } from '@muster/contracts';
import { dnsDescriptionSchema } from '@muster/contracts';
import { eventually } from '@muster/testing';
import type { Host } from '../../host/host.js';
import { jsonOf } from '../../host/host-api.js';
import { factOf } from '../../ledger/audit-ledger.js';
import type { Typed } from '../../muster/launch-muster.js';
import { typeMuster } from '../../muster/launch-muster.js';
import type { Stage } from '../../story/stage.js';
import type { CapturingProxy } from './capturing-proxy.js';
import type { StoryNamed } from './story-named.js';

/** For what takes seconds, on a machine that has better things to do. */
export const PATIENCE = { timeoutMs: 90_000, intervalMs: 100 };

/** What every chapter finds. */
export interface Scene {
  readonly stage: Stage;
  readonly dns: StoryNamed;
  /** Between the registrar and `dns`. */
  readonly proxy: CapturingProxy;
  /** The deployment that the story follows. */
  readonly host: Host;
  /** Its own gateway. */
  readonly first: { readonly target: string; readonly port: number; readonly endpoint: string };
  /** Where its registrar reads its key. */
  readonly keyFile: string;
  /** What machines pin. */
  readonly rootFile: string;
  /** What came of it, for the last sentence. */
  readonly figures: Map<string, string | number>;
}

/** What the ledger has of a kind, the first one first. */
export const eventsOf = async <T extends EventType>({ api }: Host, type: T): Promise<readonly EventOf<T>['data'][]> =>
  (await api.ledger()).events.flatMap((event) => {
    const fact = factOf(event);
    return fact.type === type ? [fact.data as EventOf<T>['data']] : [];
  });

export const describeDns = async ({ api }: Host): Promise<DnsDescription> => {
  const answer = await api.operatorCall('/v1/dns');
  assert.equal(answer.status, 200, answer.text);
  return dnsDescriptionSchema.parse(jsonOf(answer));
};

/** Waits until exactly these records stand at the name. */
export const untilListed = (dns: StoryNamed, name: string, records: readonly string[], patience = PATIENCE): Promise<void> =>
  eventually(async () => assert.deepEqual(await dns.srv(name), [...records].sort(), name), patience);

/** Types a command at the host's own machine; it must end with this code. */
export const typeAt = async ({ dataDir }: Host, args: readonly string[], code = 0): Promise<Typed> => {
  const typed = await typeMuster([...args, '--data', dataDir], { cwd: dataDir });
  assert.equal(typed.code, code, `muster ${args.join(' ')}:\n${typed.stdout}${typed.stderr}`);
  return typed;
};
