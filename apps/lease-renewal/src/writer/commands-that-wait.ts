import type { LeaseState } from '@muster/domain';
import { leaseById } from '@muster/domain';
import type { LookedUp } from '@muster/event-store';
import type { LeaseCommand } from './lease-commands.js';

const machineOf = (command: LeaseCommand, { leases }: LeaseState): string | undefined => {
  switch (command.kind) {
    case 'renew':
    case 'release':
      return command.request.machine;
    case 'force-release':
      return leaseById(leases, command.order.leaseId)?.machine;
    case 'retire':
      return command.order.machine;
    case 'expire':
      return undefined;
  }
};

const endsLeases = ({ kind }: LeaseCommand): boolean => kind === 'release' || kind === 'force-release' || kind === 'retire';

/**
 * The commands of a round that must wait for the next one. A command that ends leases shares a round with no other of its machine, and of several
 * scans only the first is taken: so every decision of a round can be made from the state before it, and none is made from a state that another
 * one of the round has changed.
 */
export const commandsThatWait = (commands: readonly LookedUp<LeaseCommand>[], state: LeaseState): ReadonlySet<LeaseCommand> => {
  const waiting = new Set<LeaseCommand>();
  const touched = new Map<string, 'renewed' | 'ended'>();
  let scans = 0;
  for (const { command, known } of commands) {
    if (known !== null) continue;
    if (command.kind === 'expire' && (scans += 1) > 1) waiting.add(command);
    const machine = machineOf(command, state);
    if (machine === undefined) continue;
    const before = touched.get(machine);
    if (before === 'ended' || (before !== undefined && endsLeases(command))) waiting.add(command);
    else touched.set(machine, endsLeases(command) ? 'ended' : 'renewed');
  }
  return waiting;
};
