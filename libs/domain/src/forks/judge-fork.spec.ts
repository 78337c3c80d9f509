import { anEvent } from '@muster/testing';
import { forkWorld, MACHINE, PRODUCT, renewIn } from './fork-world.fixture.js';
import type { ForkWorld, Held } from './fork-world.fixture.js';
import type { ForkPolicy, ForkStanding } from './judge-fork.rule.js';
import { foreseeFork, judgeFork } from './judge-fork.rule.js';

const foresee = ({ state }: ForkWorld, held: Held | null): ForkStanding => foreseeFork(state, { machine: MACHINE, product: PRODUCT, citedLease: held?.hash ?? null, leaseId: held?.leaseId });

const policies = ['count-once', 'warn', 'refuse-until-re-enrolled'] as const satisfies readonly ForkPolicy[];
const verdicts = (standing: ForkStanding): readonly unknown[] => policies.map((policy) => judgeFork(policy, standing));

describe('a request, judged before it is recorded', () => {
  it('is clean when it cites the last lease, or when nobody knows the machine', () => {
    const world = forkWorld();
    expect(foresee(world, null)).toEqual({ status: 'clean' });
    const held = renewIn(world, null);
    expect(foresee(world, held)).toEqual({ status: 'clean' });
    world.record(anEvent('ActivationReleased', { leaseId: held.leaseId }));
    expect(foresee(world, null)).toEqual({ status: 'clean' });
    expect(verdicts({ status: 'clean' })).toEqual(policies.map(() => ({ status: 'admitted', warning: null })));
  });

  it('is suspect when its lease has a successor, and is refused by no policy', () => {
    const world = forkWorld();
    const held = renewIn(world, null);
    const { at } = world.ask(held);
    const standing = foresee(world, held);
    expect(standing).toEqual({ status: 'suspicion', with: [at] });
    expect(verdicts(standing)).toEqual([null, standing, standing].map((warning) => ({ status: 'admitted', warning })));
  });

  it('shows the clone that it is part of, and may be refused from then on until the machine enrols anew', () => {
    const world = forkWorld();
    const image = renewIn(world, null);
    const [one, other] = [renewIn(world, image), renewIn(world, image)];
    const { at } = world.ask(one);
    const standing = foresee(world, other);
    expect(standing).toEqual({ status: 'clone', with: [at] });
    expect(verdicts(standing)).toEqual([
      { status: 'admitted', warning: null },
      { status: 'admitted', warning: standing },
      { status: 'refused', with: [at] },
    ]);
    const proof = world.ask(other);
    expect(foresee(world, proof.lease)).toEqual({ status: 'clone', with: [at, proof.at] });
    world.record(anEvent('MachineEnrolled', { machine: MACHINE }));
    expect(foresee(world, proof.lease)).toEqual({ status: 'clean' });
  });
});
