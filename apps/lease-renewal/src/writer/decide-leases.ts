import type { DecidedRound, EventStore, WriteRound } from '@muster/event-store';
import type { HostSigner, WriteRoundParts } from '@muster/issuance';
import { decideRound } from '@muster/issuance';
import type { LeaseView } from '../view/lease-view.fold.js';
import type { LeaseAnswer, LeaseCommand } from './lease-commands.js';
import { identifyLeaseCommand } from './lease-commands.js';
import { leaseRules } from './lease-rules.js';

export interface DecideLeasesParts extends Omit<WriteRoundParts<LeaseCommand, LeaseView, LeaseAnswer>, 'identify' | 'rules' | 'objection' | 'store'> {
  readonly store: Pick<EventStore, 'read' | 'readAt' | 'health'>;
  readonly signer: HostSigner;
}

/** Machines to be retired that the ledger has any event of, as of the round's head. Rare: an administrator's act. */
const readKnownMachines = async ({ ledger, head, commands }: WriteRound<LeaseCommand>, store: Pick<EventStore, 'read'>): Promise<ReadonlySet<string>> => {
  const asked = new Set(commands.flatMap(({ command }) => (command.kind === 'retire' ? [command.order.machine] : [])));
  const found = await Promise.all([...asked].map((machine) => store.read({ ledger, after: 0, upTo: head.position, limit: 1, machine })));
  return new Set(found.flat().flatMap(({ columns }) => columns.machine ?? []));
};

/** The write round of this service: reads everything as of the round's head, decides with the pure rules. */
export const decideLeases =
  ({ signer, ...parts }: DecideLeasesParts) =>
  async (round: WriteRound<LeaseCommand>): Promise<DecidedRound<LeaseAnswer>> => {
    const knownMachines = await readKnownMachines(round, parts.store);
    return decideRound({ ...parts, identify: identifyLeaseCommand, rules: leaseRules({ round, signer, knownMachines }), objection: ({ host }) => signer.objection(host) })(round);
  };
