import { anEvent } from '@muster/testing';
import { cloneReport } from './clone-report.js';
import { forkWorld, MACHINE, PRODUCT, renewIn } from './fork-world.fixture.js';
import type { ForkWorld, Held } from './fork-world.fixture.js';
import { BRANCHES_MAX, LEASES_REMEMBERED_MAX } from './lineage.js';

const reportOf = ({ state }: ForkWorld) => cloneReport(state);
const nothing = { clones: [], suspicions: [], cleared: 0 };

/** A machine with `leases` leases in a row, a week apart. */
const given = (leases: number): { readonly world: ForkWorld; readonly held: readonly Held[] } => {
  const world = forkWorld();
  const held: Held[] = [];
  for (let index = 0; index < leases; index += 1) {
    held.push(renewIn(world, held.at(-1) ?? null));
    world.pass(7);
  }
  return { world, held };
};

const last = (held: readonly Held[]): Held => held.at(-1) as Held;

describe('a machine by itself', () => {
  it('raises nothing by renewing, being deferred, or changing to a lease of another host', () => {
    const { world, held } = given(5);
    world.ask(last(held), { way: 'deferred' });
    world.ask(last(held), { way: 'deferred' });
    const next = renewIn(world, last(held));
    const { lease } = world.activate('e'.repeat(43));
    renewIn(world, lease);
    expect(reportOf(world)).toMatchObject({ ...nothing, machines: 1 });
    expect(next.leaseId).not.toBe(lease.leaseId);
  });

  it('raises nothing where its ended lease is cited by its hash alone', () => {
    const { world, held } = given(3);
    world.pass(200);
    renewIn(world, world.activate(last(held).hash).lease);
    expect(reportOf(world)).toMatchObject(nothing);
  });

  it('may begin with nothing after it gave its lease back', () => {
    const { world, held } = given(2);
    world.record(anEvent('ActivationReleased', { leaseId: last(held).leaseId }));
    const again = renewIn(world, null);
    world.record(anEvent('ActivationReleased', { leaseId: renewIn(world, again).leaseId }));
    renewIn(world, null);
    expect(reportOf(world)).toMatchObject({ clones: [], suspicions: [] });
  });

  it('is suspect when it goes on with a lease that was released, beside the one that it began with nothing', () => {
    const { world, held } = given(2);
    world.record(anEvent('ActivationReleased', { leaseId: last(held).leaseId, reason: 'lost' }));
    world.activate(last(held).hash);
    renewIn(world, null);
    expect(reportOf(world).suspicions).toMatchObject([{ root: { leaseId: null } }]);
  });

  it('is under suspicion while the lease of a lost answer might still be used, and not for longer', () => {
    const { world, held } = given(2);
    const lost = world.ask(last(held));
    const kept = world.ask(last(held));
    expect(reportOf(world).suspicions).toMatchObject([
      { machine: MACHINE, product: PRODUCT, root: { leaseId: last(held).leaseId }, raisedAt: kept.at, proof: null, branches: [{ startedAt: lost.at }, { startedAt: kept.at }] },
    ]);
    world.pass(7);
    const next = renewIn(world, kept.lease);
    expect(reportOf(world).suspicions).toHaveLength(1);
    world.pass(7);
    renewIn(world, next);
    expect(reportOf(world)).toMatchObject({ ...nothing, cleared: 1 });
  });

  it('is no longer under suspicion when it goes on with a lease of another host, or was not heard of for 30 days', () => {
    const { world, held } = given(2);
    for (let asked = 0; asked < 2; asked += 1) world.ask(last(held));
    expect(reportOf(world).suspicions).toHaveLength(1);
    world.pass(14);
    world.activate('e'.repeat(43));
    expect(reportOf(world)).toMatchObject({ ...nothing, cleared: 1 });

    const gone = given(2);
    for (let asked = 0; asked < 2; asked += 1) gone.world.ask(last(gone.held));
    gone.world.pass(29);
    gone.world.ask(null, { machine: 'another' });
    expect(reportOf(gone.world).suspicions).toHaveLength(1);
    gone.world.pass(1);
    gone.world.ask(null, { machine: 'a third' });
    expect(reportOf(gone.world)).toMatchObject({ ...nothing, cleared: 1 });
  });

  it('leaves a branch behind when it is restored, also one that was continued, and as often as it likes', () => {
    const { world, held } = given(2);
    const backup = last(held);
    for (let restores = 0; restores < 4; restores += 1) {
      let lease = backup;
      for (let weeks = 0; weeks < 3; weeks += 1) {
        lease = renewIn(world, lease);
        world.pass(7);
      }
    }
    expect(reportOf(world)).toMatchObject({ clones: [], suspicions: [], cleared: 1 });
  });
});

describe('a copied machine', () => {
  it('is a clone once both copies have gone on, with the lease that was copied as its root', () => {
    const { world, held } = given(3);
    const one = world.ask(last(held));
    const other = world.ask(last(held));
    world.pass(7);
    const third = world.ask(one.lease);
    expect(reportOf(world)).toMatchObject({ clones: [], suspicions: [{}] });
    const fourth = world.ask(other.lease, { way: 'deferred' });
    expect(reportOf(world)).toMatchObject({
      suspicions: [],
      clones: [
        {
          root: { leaseId: last(held).leaseId },
          raisedAt: other.at,
          proof: [third.at, fourth.at],
          branches: [
            { startedAt: one.at, positions: [one.at, third.at], requests: 2, leases: 2, continued: true, lastAt: third.at },
            { startedAt: other.at, positions: [other.at, fourth.at], requests: 2, leases: 1, continued: true, lastAt: fourth.at },
          ],
        },
      ],
    });
  });

  it('is found when the copy was made from an old backup', () => {
    const { world, held } = given(5);
    const copy = renewIn(world, held[1] as Held);
    // Leases 3, 4 and 5, from requests at 5, 7 and 9; the copy's stands at 11.
    expect(reportOf(world).suspicions).toMatchObject([{ branches: [{ startedAt: 5, positions: [5, 7, 9], lastAt: 9, requests: 3, leases: 3 }, { startedAt: 11, lastAt: 11 }] }]);
    const original = renewIn(world, last(held));
    renewIn(world, copy);
    renewIn(world, original);
    expect(reportOf(world).clones).toMatchObject([{ root: { leaseId: (held[1] as Held).leaseId }, branches: [{ requests: 5 }, { requests: 2 }] }]);
  });

  it('is found when its suspicion had cleared', () => {
    const { world, held } = given(2);
    const abandoned = renewIn(world, last(held));
    let kept = renewIn(world, last(held));
    for (let weeks = 0; weeks < 4; weeks += 1) {
      world.pass(7);
      kept = renewIn(world, kept);
    }
    expect(reportOf(world)).toMatchObject({ clones: [], cleared: 1 });
    renewIn(world, abandoned);
    expect(reportOf(world)).toMatchObject({ clones: [{ root: { leaseId: last(held).leaseId } }], cleared: 0 });
  });

  it('has one root for an image that never held a lease', () => {
    const world = forkWorld();
    const first = Array.from({ length: 3 }, () => renewIn(world, null));
    world.pass(7);
    for (const lease of first) renewIn(world, lease);
    expect(reportOf(world).clones).toMatchObject([{ root: { leaseId: null, position: null }, branches: [{ from: 'root', requests: 2 }, { requests: 2 }, { requests: 2 }] }]);
  });

  it('keeps two roots apart where a copy is copied', () => {
    const { world, held } = given(1);
    const [one, other] = [renewIn(world, last(held)), renewIn(world, last(held))];
    const [a, b] = [renewIn(world, other), renewIn(world, other)];
    for (const lease of [one, a, b]) renewIn(world, lease);
    expect(reportOf(world).clones.map(({ root, branches }) => [root.leaseId, branches.map(({ requests }) => requests)])).toEqual([
      [last(held).leaseId, [2, 5]],
      [other.leaseId, [2, 2]],
    ]);
  });

  it('counts the requests of a copied copy in the branch that it came from, whichever fork shows first', () => {
    const { world, held } = given(2);
    const [image, next] = held as [Held, Held];
    const [a, b] = [renewIn(world, next), renewIn(world, next)];
    const late = renewIn(world, image);
    expect(reportOf(world).suspicions.map(({ branches }) => branches.map(({ requests, leases }) => [requests, leases]))).toEqual([
      [[1, 1], [1, 1]],
      [[3, 3], [1, 1]],
    ]);
    for (const lease of [late, a, b]) renewIn(world, lease);
    renewIn(world, renewIn(world, next));
    expect(reportOf(world).clones.map(({ root, branches }) => [root.leaseId, branches.map(({ requests }) => requests)])).toEqual([
      [next.leaseId, [2, 2, 2]],
      [image.leaseId, [7, 2]],
    ]);
  });

  it('is settled when the machine enrols anew, and found again if the copies go on', () => {
    const { world, held } = given(1);
    let [one, other] = [renewIn(world, last(held)), renewIn(world, last(held))];
    [one, other] = [renewIn(world, one), renewIn(world, other)];
    expect(reportOf(world).clones).toHaveLength(1);
    world.record(anEvent('MachineEnrolled', { machine: MACHINE }));
    expect(reportOf(world)).toMatchObject({ clones: [], suspicions: [] });
    for (let weeks = 0; weeks < 2; weeks += 1) one = renewIn(world, one);
    expect(reportOf(world)).toMatchObject({ clones: [], suspicions: [] });
    other = renewIn(world, other);
    renewIn(world, renewIn(world, other));
    renewIn(world, one);
    expect(reportOf(world).clones).toHaveLength(1);
  });
});

describe('what is remembered', () => {
  it('is nothing of a retired machine', () => {
    const { world, held } = given(2);
    for (const lease of [renewIn(world, last(held)), renewIn(world, last(held))]) renewIn(world, lease);
    world.record(anEvent('MachineRetired', { machine: MACHINE }));
    expect(world.state.lineages.size + world.state.products.size).toBe(0);
  });

  it('is nothing of machines whose last lease ended more than 30 days ago', () => {
    const world = forkWorld();
    world.ask(null, { machine: 'gone' });
    world.pass(211);
    world.ask(null, { machine: 'other' });
    expect([...world.state.products.keys()]).toEqual(['other']);
  });

  it('does not grow with the age of a machine, nor of one that is restored every month', () => {
    const { world, held } = given(1);
    let lease = last(held);
    const sizes: number[] = [];
    for (let week = 0; week < 200; week += 1) {
      const backup = lease;
      lease = renewIn(world, lease);
      if (week % 4 === 0) lease = renewIn(world, backup);
      world.pass(7);
      const [lineage] = world.state.lineages.values();
      let depth = 0;
      for (let branch = lineage?.leases.get(lease.leaseId)?.branch ?? null; branch !== null; branch = branch.up) depth += 1;
      sizes.push(lineage?.leases.size ?? 0, lineage?.forks.length ?? 0, depth);
    }
    expect(Math.max(...sizes)).toBeLessThan(80);
    expect(reportOf(world).clones).toEqual([]);
  });

  it('is no clone whose copies ended long ago, and still finds the next', () => {
    const world = forkWorld();
    let kept = renewIn(world, null);
    const copy = renewIn(world, null);
    for (const lease of [kept, copy]) renewIn(world, lease);
    expect(reportOf(world).clones).toHaveLength(1);
    for (let week = 0; week < 40; week += 1) {
      kept = renewIn(world, kept);
      world.pass(7);
    }
    expect(reportOf(world)).toMatchObject(nothing);
    const next = renewIn(world, null);
    renewIn(world, kept);
    renewIn(world, next);
    expect(reportOf(world).clones).toMatchObject([{ root: { leaseId: null }, branches: [{ continued: true }, { requests: 2 }], branchesForgotten: 1 }]);
  });

  it('is bounded for a lease that is renewed without end', () => {
    const { world, held } = given(1);
    for (let count = 0; count < BRANCHES_MAX + 5; count += 1) renewIn(world, last(held));
    const [fork] = reportOf(world).suspicions;
    expect(fork).toMatchObject({ branchesForgotten: 5 });
    expect(fork?.branches).toHaveLength(BRANCHES_MAX);
    expect([...world.state.lineages.values()][0]?.leases.size).toBeLessThanOrEqual(2 * LEASES_REMEMBERED_MAX);
  });
});
