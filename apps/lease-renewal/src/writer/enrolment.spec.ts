import type { DomainEvent } from '@muster/contracts';
import { seenCodes, typedColumnsOf } from '@muster/contracts';
import { DAY_SECONDS } from '@muster/kernel';
import { aHostCertificate } from '@muster/testing';
import type { LeaseWorld } from './lease-world.fixture.js';
import { leaseWorld } from './lease-world.fixture.js';

const worlds: LeaseWorld[] = [];
const world = async (): Promise<LeaseWorld> => {
  const { certificate } = await aHostCertificate();
  const made = await leaseWorld(2, { pools: certificate.claims.pools.map((pool) => ({ ...pool, countOnlyEnrolled: true })) });
  worlds.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ stop }) => stop()));
});

const renewals = (events: readonly DomainEvent[]): readonly DomainEvent[] => events.filter(({ type }) => type === 'ActivationRenewed');

describe('where the vendor counts only enrolled machines', () => {
  it('a renewal counts for a machine that enrolled, and for nothing else', async () => {
    const { replica, renewal, append, machineOf, clock, events } = await world();
    const { leases } = await replica();
    await append([{ type: 'MachineEnrolled', data: { machine: machineOf(0), tokenId: '00000000-0000-4000-8000-0000000000aa' } }]);
    clock.advance(7 * DAY_SECONDS);
    const answers = await Promise.all([leases.renew(await renewal(0)), leases.renew(await renewal(1))]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['renewed', 'renewed']);
    const recorded = renewals(await events());
    expect(recorded.map((event) => ('counted' in event.data ? event.data.counted : undefined))).toEqual([undefined, false]);
    expect(recorded.map((event) => typedColumnsOf(event).seen)).toEqual([seenCodes.seenPhysical, seenCodes.nothing]);
  });

  it('a machine keeps its standing over a restart from a snapshot', async () => {
    const { replica, renewal, append, machineOf, clock, events } = await world();
    await append([{ type: 'MachineEnrolled', data: { machine: machineOf(1), tokenId: '00000000-0000-4000-8000-0000000000aa' } }]);
    const first = await replica();
    await first.follower.catchUpTo(4, 5000);
    await first.follower.stop();
    const { leases } = await replica();
    clock.advance(7 * DAY_SECONDS);
    await leases.renew(await renewal(1));
    expect(renewals(await events())[0]?.data).not.toHaveProperty('counted');
  });
});
