/** A record as dns-wire reads and writes it: names in lower case and without a final dot are compared so whatever case they come in. */
export interface PlainRecord {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly data: SrvRecordData | TxtRecordData;
}

export interface SrvRecordData {
  readonly type: 'SRV';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

export interface TxtRecordData {
  readonly type: 'TXT';
  readonly strings: readonly string[];
}

/** What a query just found in a domain. */
export interface LiveDomain {
  /** All SRV and TXT records at the names of `namesToAsk`. */
  readonly records: readonly PlainRecord[];
  /** The TXT records at each claim name of `claimsToAsk`; empty where there is none. A name that was not asked is no ground for a write. */
  readonly claims: ReadonlyMap<string, readonly (readonly string[])[]>;
}
