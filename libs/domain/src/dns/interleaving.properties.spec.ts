import fc from 'fast-check';
import type { DomainEvent } from '@muster/contracts';
import { parseClaim } from '@muster/contracts';
import { announced, DAY_MS, GENERAL, idOf, liveIn, OURS, planOn, policyOf, START_MS, THEIRS, withdrawn } from './dns.fixture.js';
import type { PlannedWrite } from './dns.plan.js';
import type { DnsState } from './dns.state.js';
import { emptyDns, standKey } from './dns.state.js';
import { applyDnsEvent } from './endpoints.fold.js';
import { recordsOf } from './records-to-events.js';
import { orphansToGo } from './scavenging.rule.js';
import { simulatedZone } from './simulated-zone.fixture.js';

/** A server takes nothing that was signed longer ago (TSIG's fudge): what is deleted after two windows needs that. */
const FUDGE_MS = 300_000;

const HOSTS = ['a', 'b', 'c'];
const host = fc.constantFrom(...HOSTS);
const who = fc.record({ deployment: fc.constantFrom(0, 1), replica: fc.constantFrom(0, 1) });
const policy = policyOf({ deleteShareMax: 1 });

const change: fc.Arbitrary<DomainEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(host, fc.constantFrom(1, 10, 20)).map(([name, weight]) => announced(name, { weight })) },
  { weight: 3, arbitrary: host.map((name) => withdrawn(name, 'command')) },
  { weight: 2, arbitrary: host.map((name): DomainEvent => ({ type: 'EndpointReadmitted', data: { endpoint: idOf(name) } })) },
);
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('record' as const), who, change }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('plan' as const), who }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send' as const), who, answered: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('replay' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('take-over' as const), who, host }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 1000, 200_000, DAY_MS, 15 * DAY_MS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('scavenge' as const), who }) },
);
const story = fc.array(act, { minLength: 5, maxLength: 60, size: 'max' });

interface Deployment {
  readonly id: string;
  readonly state: DnsState;
  position: number;
  /** What each of its two registrars is about to send, with the claim's version at its query. */
  readonly pending: [Pending[], Pending[]];
}

interface Pending {
  readonly write: PlannedWrite;
  readonly version: number;
  readonly plannedMs: number;
}

const open = ({ fudge }: { readonly fudge: boolean }) => {
  const zone = simulatedZone();
  const captured: { readonly write: PlannedWrite; readonly signedMs: number }[] = [];
  const deployments = [OURS, THEIRS].map((id): Deployment => ({ id, state: emptyDns(), position: 1, pending: [[], []] }));
  const world = { nowMs: START_MS, done: 0, replays: 0 };
  const epochs = new Map<string, number>();
  const record = (deployment: Deployment, events: readonly DomainEvent[]): void => {
    for (const event of events) applyDnsEvent(deployment.state, { event, position: (deployment.position += 1), recordedAtMs: world.nowMs });
  };
  const planFor = ({ state, id, position }: Deployment) => planOn(zone, { state, policy, deployment: id, position, nowMs: world.nowMs });
  const send = (deployment: Deployment, { write, version }: Pending, answered: boolean): void => {
    const { claim, epoch } = write;
    const current = zone.versionOf(claim.name);
    captured.push({ write, signedMs: world.nowMs });
    if (zone.apply(write) !== 'NOERROR') return;
    world.done += 1;
    // Nothing takes effect that was planned on what another write changed since.
    expect(current).toBe(version);
    expect(epoch).toBeGreaterThan(parseClaim(claim.before ?? [])?.epoch ?? 0);
    if (!fudge) expect(epoch).toBeGreaterThan(epochs.get(claim.name) ?? 0);
    epochs.set(claim.name, epoch);
    const seen = { live: liveIn(zone, { state: deployment.state, policy }), state: deployment.state, policy, server: 's', rcode: 'NOERROR', serial: null };
    if (answered) record(deployment, recordsOf({ write, ...seen }));
  };
  const pendingOf = (write: PlannedWrite): Pending => ({ write, version: zone.versionOf(write.claim.name), plannedMs: world.nowMs });
  const replay = (which: number): void => {
    const packet = captured[which % Math.max(captured.length, 1)];
    if (packet === undefined || (fudge && world.nowMs - packet.signedMs > FUDGE_MS)) return;
    const before = zone.print();
    zone.apply(packet.write);
    expect(zone.print()).toBe(before);
    world.replays += 1;
  };
  const settle = (): void => {
    for (const deployment of [...deployments, ...deployments]) {
      for (const write of planFor(deployment).writes) send(deployment, pendingOf(write), true);
      record(deployment, planFor(deployment).newConflicts);
    }
  };
  return { zone, captured, deployments, world, record, planFor, send, pendingOf, replay, settle };
};

type World = ReturnType<typeof open>;
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const perform = (one: Act, { deployments, world, record, planFor, send, pendingOf, replay }: World, mayScavenge: boolean): void => {
  if (one.kind === 'wait') world.nowMs += one.ms;
  else if (one.kind === 'replay') replay(one.which);
  else {
    const deployment = deployments[one.who.deployment]!;
    const queue = deployment.pending[one.who.replica as 0 | 1];
    if (one.kind === 'record') record(deployment, [one.change]);
    if (one.kind === 'plan') {
      const { writes, newConflicts } = planFor(deployment);
      queue.splice(0, queue.length, ...writes.map(pendingOf));
      record(deployment, newConflicts);
    }
    if (one.kind === 'take-over') {
      const conflict = deployment.state.conflicts.get(standKey({ domain: policy.domain, endpoint: idOf(one.host) }));
      if (conflict !== undefined) record(deployment, [{ type: 'DnsTakeOverOrdered', data: { endpoint: conflict.endpoint, domain: policy.domain, owner: conflict.owner } }]);
    }
    if (one.kind === 'send') {
      const next = queue.shift();
      // A registrar does not sit on a plan: what it does not send within a minute it plans anew.
      if (next !== undefined && world.nowMs - next.plannedMs < 60_000) send(deployment, next, one.answered);
    }
    if (one.kind === 'scavenge' && mayScavenge) for (const { write } of orphansToGo(planFor(deployment).orphans, { nowMs: world.nowMs, reported: 'ordered' })) send(deployment, pendingOf(write), true);
  }
};

const listedAt = ({ zone }: World): ReadonlyMap<string, number> =>
  new Map(zone.recordsAt([GENERAL]).flatMap(({ data }) => (data.type === 'SRV' ? [[`${data.target}:${data.port}`, data.weight] as const] : [])));

/** Once everybody planned and sent undisturbed: what each wants and holds stands there, what it withdrew is gone. */
const expectSettled = (world: World): void => {
  const listed = listedAt(world);
  const wantedBy = (endpoint: string): readonly number[] =>
    world.deployments.flatMap(({ state }) => {
      const known = state.endpoints.get(endpoint);
      return known === undefined || known.standing.status === 'withdrawn' ? [] : [known.facts.weight];
    });
  for (const name of HOSTS) {
    const [endpoint, weights] = [idOf(name), wantedBy(idOf(name))];
    if (weights.length === 0) expect([endpoint, listed.get(endpoint)]).toEqual([endpoint, undefined]);
    else expect(weights).toContain(listed.get(endpoint));
  }
  expect(world.deployments.flatMap((deployment) => world.planFor(deployment).writes)).toEqual([]);
};

describe('two deployments with two registrars each', () => {
  const totals = { done: 0, replays: 0 };

  it.each([
    ['whenever a captured write is sent again, while no claim is scavenged', { fudge: false }],
    ["within TSIG's five minutes, with scavenging", { fudge: true }],
  ])('lose nothing, bring nothing back and count every epoch up, %s', (_when, { fudge }) => {
    fc.assert(
      fc.property(story, (acts) => {
        const world = open({ fudge });
        for (const one of acts) perform(one, world, fudge);
        world.settle();
        expectSettled(world);
        for (const index of world.captured.keys()) world.replay(index);
        expectSettled(world);
        totals.done += world.world.done;
        totals.replays += world.world.replays;
      }),
      { numRuns: 150 },
    );
    expect(totals.done).toBeGreaterThan(50);
    expect(totals.replays).toBeGreaterThan(50);
  });
});
