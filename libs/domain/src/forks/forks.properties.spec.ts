import fc from 'fast-check';
import { cloneReport } from './clone-report.js';
import type { Held } from './fork-world.fixture.js';
import { forkWorld, MACHINE, PRODUCT, renewIn } from './fork-world.fixture.js';
import { foreseeFork } from './judge-fork.rule.js';

/** One request by the definition: its place, what it cited, what it was given. */
interface Asked {
  readonly at: number;
  readonly cites: string | null;
  readonly gives: string | null;
}

const under = (root: string, asked: readonly Asked[]): readonly Asked[] =>
  asked.filter(({ cites }) => cites === root).flatMap((request) => [request, ...(request.gives === null ? [] : under(request.gives, asked))]);

/** Roots of clones by the definition, the whole history read for each lease: two branches that were each continued, and neither of which ended before the other began. */
const naiveClones = (asked: readonly Asked[]): readonly (string | null)[] =>
  [null, ...asked.map(({ gives }) => gives)].filter((root, index, all) => {
    if (root === null && index > 0) return false;
    const branches = asked
      .filter(({ cites, gives }) => cites === root && gives !== null)
      .map(({ at, gives }) => ({ from: at, to: Math.max(0, ...under(gives as string, asked).map((request) => request.at)) }))
      .filter(({ to }) => to > 0);
    return all.indexOf(root) === index && branches.some((one) => branches.some((other) => one !== other && one.from < other.to && other.from < one.to));
  });

const anyRequest = fc.record({ back: fc.nat({ max: 6 }), deferred: fc.integer({ max: 3, min: 0 }).map((draw) => draw === 0), fresh: fc.integer({ min: 0, max: 15 }), days: fc.integer({ min: 0, max: 3 }) });

/** Mostly short: in a long one so much is cited that whatever is overlooked once is seen later. */
const anyHistory = fc.oneof({ weight: 4, arbitrary: fc.array(anyRequest, { minLength: 5, maxLength: 12, size: 'max' }) }, { weight: 1, arbitrary: fc.array(anyRequest, { maxLength: 60, size: 'max' }) });

describe('the fold of forks', () => {
  it('finds the clones that the definition finds in the whole history, whatever was cited', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const world = forkWorld();
        const asked: Asked[] = [];
        const held: (Held | null)[] = [null];
        for (const { back, deferred, fresh, days } of steps) {
          world.pass(days);
          const cites = fresh === 0 ? null : (held.at(-1 - back) ?? null);
          const { lease, at } = world.ask(cites, { way: deferred ? 'deferred' : 'granted' });
          asked.push({ at, cites: cites?.leaseId ?? null, gives: lease?.leaseId ?? null });
          if (lease !== null) held.push(lease);
        }
        const found = cloneReport(world.state).clones.map(({ root }) => root.leaseId);
        expect([...found].sort()).toEqual([...naiveClones(asked)].sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('never finds a clone in one machine that defers, loses answers and is restored from backups of what it was', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant('renew' as const) },
      { weight: 2, arbitrary: fc.constantFrom('deferred' as const, 'answer lost' as const) },
      { weight: 1, arbitrary: fc.nat({ max: 5 }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const world = forkWorld();
        let past: readonly Held[] = [renewIn(world, null)];
        for (const taken of steps) {
          world.pass(7);
          const held = past.at(-1) as Held;
          if (typeof taken === 'number') past = past.slice(0, Math.max(1, past.length - taken));
          else if (taken === 'renew') past = [...past, renewIn(world, held)];
          else world.ask(held, { way: taken === 'deferred' ? 'deferred' : 'granted' });
          expect(foreseeFork(world.state, { machine: MACHINE, product: PRODUCT, citedLease: held.hash, leaseId: held.leaseId }).status).not.toBe('clone');
          expect(cloneReport(world.state).clones).toEqual([]);
        }
      }),
    );
  });

  it('finds every copy that goes on, under the lease that was copied, and foresees the request that proves it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 8 }), fc.infiniteStream(fc.nat()), (leasesBefore, copies, order) => {
        const world = forkWorld();
        let image: Held | null = null;
        for (let index = 0; index < leasesBefore; index += 1) image = renewIn(world, image);
        const held = Array.from({ length: copies }, () => image as Held);
        for (let turn = 0; turn < 3; turn += 1) {
          const left = held.map((_, copy) => copy);
          while (left.length > 0) {
            const [copy] = left.splice((order.next().value as number) % left.length, 1) as [number];
            const { leaseId, hash } = held[copy] as Held;
            const foreseen = foreseeFork(world.state, { machine: MACHINE, product: PRODUCT, citedLease: hash, leaseId });
            held[copy] = renewIn(world, held[copy] as Held);
            expect(foreseen.status === 'clone').toBe(cloneReport(world.state).clones.length > 0);
          }
          world.pass(7);
        }
        const { clones } = cloneReport(world.state);
        expect(clones).toMatchObject([{ root: { leaseId: image?.leaseId } }]);
        expect(clones[0]?.branches.map(({ requests, leases }) => [requests, leases])).toEqual(Array.from({ length: copies }, () => [3, 3]));
      }),
    );
  });
});
