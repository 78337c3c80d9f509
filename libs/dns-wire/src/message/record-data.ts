/** What a record says, by its type. */
export type RecordData = AddressData<'A'> | AddressData<'AAAA'> | AliasData<'CNAME'> | AliasData<'NS'> | AliasData<'PTR'> | SrvData | TxtData | SoaData | OtherData;

export interface AddressData<Type extends 'A' | 'AAAA' = 'A' | 'AAAA'> {
  readonly type: Type;
  readonly address: string;
}

/** A record whose data is one name. */
export interface AliasData<Type extends 'CNAME' | 'NS' | 'PTR' = 'CNAME' | 'NS' | 'PTR'> {
  readonly type: Type;
  readonly target: string;
}

/** RFC 2782; `target` is `.` when the service is decidedly not available. */
export interface SrvData {
  readonly type: 'SRV';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** One or more strings of at most 255 bytes each; a character stands for a byte (U+0000 to U+00FF), so that whatever was read can be written back. */
export interface TxtData {
  readonly type: 'TXT';
  readonly strings: readonly string[];
}

/** RFC 1035 section 3.3.13; `negativeSeconds` is the last field, the negative answers' limit since RFC 2308. */
export interface SoaData {
  readonly type: 'SOA';
  readonly primary: string;
  readonly mailbox: string;
  readonly serial: number;
  readonly refreshSeconds: number;
  readonly retrySeconds: number;
  readonly expireSeconds: number;
  readonly negativeSeconds: number;
}

/** A type that this library does not know, as it stands (RFC 3597). */
export interface OtherData {
  readonly type: 'OTHER';
  readonly typeCode: number;
  readonly bytes: Uint8Array;
}

/** The types that can be asked for and written by name. */
export type RecordType = Exclude<RecordData['type'], 'OTHER'>;
