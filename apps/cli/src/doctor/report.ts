import { type Area, entryOf, type FindingId, type Severity } from './finding-catalogue.js';

export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** What it is about: a name, an address, a product. */
  readonly subject: string;
  readonly detail: string;
  readonly remedy: string;
}

/** Something that was looked at, and what it showed. */
export interface Check {
  readonly area: Area;
  readonly subject: string;
  readonly detail: string;
}

/** A check that could not be made. */
export interface Skipped {
  readonly area: Area;
  readonly subject: string;
  readonly reason: string;
}

/** What was made of facts. */
export interface Judgement {
  readonly findings: readonly Finding[];
  readonly checks: readonly Check[];
}

/** All that `muster doctor` says; its JSON is this object. */
export interface DoctorReport extends Judgement {
  readonly skipped: readonly Skipped[];
}

interface Found {
  readonly subject: string;
  readonly detail: string;
  /** The usual one of the catalogue unless given. */
  readonly severity?: Severity;
  /** The one of the catalogue unless given. */
  readonly remedy?: string;
}

/** @throws Error when the catalogue does not know the id with that severity */
export const finding = (id: FindingId, { subject, detail, severity, remedy }: Found): Finding => {
  const { severities, remedy: usual } = entryOf(id);
  if (severity !== undefined && !severities.includes(severity)) throw new Error(`${id} is no ${severity}`);
  return { id, severity: severity ?? severities[0], subject, detail, remedy: remedy ?? usual };
};

export const allOf = (judgements: readonly Judgement[]): Judgement => ({
  findings: judgements.flatMap(({ findings }) => findings),
  checks: judgements.flatMap(({ checks }) => checks),
});

/** Whether somebody has to do something. */
export const needsAttention = ({ findings }: Judgement): boolean => findings.some(({ severity }) => severity !== 'info');
