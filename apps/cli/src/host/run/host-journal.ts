/** What the start of a host tells whoever watches. */
export interface HostJournal {
  /** A step of the start is done. */
  step(text: string): void;
  /** Something worth knowing, which is not wrong. */
  info(text: string): void;
  /** Something is wrong, or was and is being put right. */
  warn(text: string): void;
  /** A line that a service wrote. */
  serviceLine(name: string, line: string): void;
}
