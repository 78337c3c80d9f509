import type { ActivationKeys, HostKeyEntry, MultipleActivationKeyEntry } from '@muster/contracts';
import type { Column } from '../../terminal/table.js';
import { tableLines } from '../../terminal/table.js';

const state = ({ revoked }: { readonly revoked: boolean }): string => (revoked ? 'revoked' : 'in use');

const hostColumns: readonly Column<HostKeyEntry>[] = [
  { title: 'HOST KEY', cell: ({ keyEnding }) => `…-${keyEnding}` },
  { title: 'ORGANISATION', cell: ({ organisation }) => organisation },
  { title: 'COVERS', cell: ({ coversGroup }) => coversGroup },
  { title: 'HOSTS', cell: ({ hosts, hostsMax }) => `${hosts.length} of ${hostsMax}`, right: true },
  { title: 'ACTIVATIONS', cell: ({ hosts, activationsPerHostMax }) => `${hosts.map(({ activations }) => activations).join('+') || '0'} (${activationsPerHostMax} each)`, right: true },
  { title: 'STATE', cell: state },
];

const multipleColumns: readonly Column<MultipleActivationKeyEntry>[] = [
  { title: 'MULTIPLE ACTIVATION KEY', cell: ({ keyEnding }) => `…-${keyEnding}` },
  { title: 'ORGANISATION', cell: ({ organisation }) => organisation },
  { title: 'COVERS', cell: ({ group }) => group },
  { title: 'USED', cell: ({ used, allowance }) => `${used} of ${allowance}`, right: true },
  { title: 'LEFT', cell: ({ remaining }) => String(remaining), right: true },
  { title: 'STATE', cell: state },
];

/** Keys as a person reads them: by their last group, with what is left. */
export const keyLines = ({ hostKeys, multipleActivationKeys }: Pick<ActivationKeys, 'hostKeys' | 'multipleActivationKeys'>): readonly string[] => {
  if (hostKeys.length + multipleActivationKeys.length === 0) return ['No key was issued yet.'];
  const hosts = hostKeys.length === 0 ? [] : tableLines(hostColumns, hostKeys);
  const machines = multipleActivationKeys.length === 0 ? [] : tableLines(multipleColumns, multipleActivationKeys);
  return [...hosts, ...(hosts.length > 0 && machines.length > 0 ? [''] : []), ...machines];
};
