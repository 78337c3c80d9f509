import assert from 'node:assert/strict';
import type { CloudEvent } from '@muster/contracts';
import type { HostApi } from '../../host/host-api.js';
import { assertGapless, assertHashChain, assertTimeForward, factOf, outcomesByRequest, recountDecisions, typeOf } from '../../ledger/audit-ledger.js';
import type { Scene } from './scene.js';
import { logsOf } from './scene.js';

const readWhole = async ({ ledger }: Pick<HostApi, 'ledger'>): Promise<readonly CloudEvent[]> => {
  const { events, head } = await ledger();
  assertGapless(events, head);
  assertTimeForward(events);
  assertHashChain(events);
  events.forEach(factOf);
  return events;
};

const countOf = (events: readonly CloudEvent[], type: string): number => events.filter((event) => typeOf(event) === type).length;

/** As it was shown, without its hyphens, and in small letters: however somebody would have kept it. */
const spellings = (secret: string): readonly string[] => [secret, secret.replaceAll('-', ''), secret.toLowerCase()];

export interface Expected {
  readonly hostActivations: number;
  readonly permanentActivations: number;
}

/** Every ledger from its first event, against each other and against what was shown to people. Answers how many events they hold. */
export const auditLedgers = async ({ authority, secrets, stage, ...scene }: Scene, hosts: readonly Pick<HostApi, 'ledger' | 'replay'>[], expected: Expected): Promise<readonly number[]> => {
  const vendor = await readWhole(authority);
  assert.equal(countOf(vendor, 'HostCertificateIssued'), expected.hostActivations);
  assert.equal(countOf(vendor, 'HostActivationRefused'), 2, 'two hosts asked too many');
  const { hostKeys, multipleActivationKeys } = await authority.keys();
  assert.equal(hostKeys.flatMap((key) => key.hosts).reduce((sum, { activations }) => sum + activations, 0), expected.hostActivations, 'the vendor’s list agrees with its ledger');
  const drawn = vendor.map(factOf).filter((fact) => fact.type === 'MultipleActivationKeyUsed' && fact.data.drawn).length;
  assert.deepEqual([drawn, multipleActivationKeys[0]?.used], [expected.permanentActivations, expected.permanentActivations]);
  const ledgers = [vendor];
  for (const host of hosts) {
    const events = await readWhole(host);
    outcomesByRequest(events);
    recountDecisions(events);
    assert.ok((await host.replay()).equal, 'the counts rebuilt from the first event equal the live ones');
    ledgers.push(events);
  }
  const [office] = ledgers.slice(1) as [readonly CloudEvent[]];
  assert.equal((await scene.office.api.describe()).claims?.jti, vendor.map(factOf).find((fact) => fact.type === 'HostCertificateIssued')?.data.certificateId);
  assert.deepEqual([countOf(office, 'HostActivated'), countOf(office, 'SigningKeyChanged'), countOf(office, 'MachineEnrolled'), countOf(office, 'ProxyActivationConfirmed'), countOf(office, 'HostRetired')], [1, 2, 2, 1, 1]);
  const logs = logsOf(stage.dir);
  for (const part of ['authority', 'gateway', 'activation', 'lease-renewal', 'counting']) assert.match(logs, new RegExp(`"service":"${part}"`), `${part} has a log`);
  const written = JSON.stringify(ledgers) + logs;
  for (const secret of secrets) for (const spelling of spellings(secret)) assert.ok(!written.includes(spelling), `a secret that ends in ${secret.slice(-5)} stands in a ledger or a log`);
  return ledgers.map(({ length }) => length);
};
