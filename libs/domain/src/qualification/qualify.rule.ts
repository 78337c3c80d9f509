import type { FirmwareEvidence, FirmwareTable, QualificationPolicy } from '@muster/contracts';

/** Whether a machine may be activated as an upgrade, and by which row of the table that was decided. */
export type Qualification =
  | { readonly qualifies: true; readonly because: 'not-asked-for' | 'no-table' | 'marker' | 'unreadable-passes' }
  | { readonly qualifies: false; readonly because: 'no-marker' | 'unreadable-refused' };

const passes = (because: Extract<Qualification, { readonly qualifies: true }>['because']): Qualification => ({ qualifies: true, because });
const fails = (because: Extract<Qualification, { readonly qualifies: false }>['because']): Qualification => ({ qualifies: false, because });

type Row<Status extends FirmwareTable['status']> = (policy: QualificationPolicy, entry: Extract<FirmwareTable, { readonly status: Status }>) => Qualification;

/** One row for each thing that a machine can say of the table that the policy names. */
const rows: { readonly [Status in FirmwareTable['status']]: Row<Status> } = {
  // Built without a maker's licence: there is nothing that the upgrade could be refused for.
  absent: () => passes('no-table'),
  present: ({ marker }, entry) => (entry.marker === marker ? passes('marker') : fails('no-marker')),
  unreadable: ({ unreadable }) => (unreadable === 'pass' ? passes('unreadable-passes') : fails('unreadable-refused')),
};

const rowOf = <Entry extends FirmwareTable>(policy: QualificationPolicy, entry: Entry): Qualification =>
  (rows[entry.status] as (policy: QualificationPolicy, entry: Entry) => Qualification)(policy, entry);

/**
 * The upgrade rule (S18): no table passes, a table with the vendor's marker passes, a table without it does not; of a table that nobody
 * could read, or that the machine says nothing of, the policy decides.
 */
export const qualify = (policy: QualificationPolicy | undefined, evidence: FirmwareEvidence | undefined): Qualification => {
  if (policy === undefined) return passes('not-asked-for');
  const entry = evidence?.find(({ table }) => table === policy.table);
  return rowOf(policy, entry ?? { table: policy.table, status: 'unreadable', why: 'unsupported' });
};
