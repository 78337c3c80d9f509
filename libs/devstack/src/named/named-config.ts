/** A key of the server's; made with `tsig-keygen` on first use. */
export interface NamedKey {
  readonly name: string;
  /** `hmac-sha256` unless given. */
  readonly algorithm?: string;
}

export interface NamedZone {
  /** The apex, without the final dot. */
  readonly name: string;
  /** Rules of BIND's `update-policy`, each without its semicolon: `grant registrar name _muster._tcp.corp.test. SRV`. Empty: nobody may update. */
  readonly updatePolicy: readonly string[];
  /** Further lines of the zone file on first use, in its syntax: `host-1 A 192.0.2.1`. */
  readonly records?: readonly string[];
  /** How long the absence of a name may be remembered; 60 unless given. */
  readonly negativeTtlSeconds?: number;
}

const WORD = /^[A-Za-z0-9_.-]+$/;
const RULE = /^[A-Za-z0-9_.* -]+$/;

/** The configuration: loopback only, on both protocols and both families, no recursion, no control channel, nothing outside `dir`. */
export function namedConfig(options: { readonly dir: string; readonly port: number; readonly keyFiles: readonly string[]; readonly zones: readonly NamedZone[]; readonly ipv6: boolean }): string {
  const { dir, port, keyFiles, zones, ipv6 } = options;
  const lines = [
    ...keyFiles.map((file) => `include ${quote(file)};`),
    'controls { };',
    'options {',
    `  directory ${quote(dir)};`,
    '  pid-file none;',
    '  session-keyfile none;',
    `  listen-on port ${port} { 127.0.0.1; };`,
    `  listen-on-v6 port ${port} { ${ipv6 ? '::1; ' : ''}};`,
    '  recursion no;',
    '  dnssec-validation no;',
    '  empty-zones-enable no;',
    '  notify no;',
    '};',
    ...zones.map(zoneEntry),
  ];
  return `${lines.join('\n')}\n`;
}

function zoneEntry({ name, updatePolicy }: NamedZone): string {
  const rules = updatePolicy.map((rule) => checked(rule, RULE)).map((rule) => `${rule};`);
  const policy = rules.length === 0 ? '' : ` update-policy { ${rules.join(' ')} };`;
  return `zone ${quote(name)} { type primary; file ${quote(zoneFileName(name))};${policy} };`;
}

export const zoneFileName = (zone: string): string => `${checked(zone, WORD)}.zone`;

export const keyFileName = (key: string): string => `${checked(key, WORD)}.key`;

/** The zone as it starts; afterwards it is named's, which keeps what updates change. */
export function zoneFile({ name, records = [], negativeTtlSeconds = 60 }: NamedZone): string {
  const soa = `@ SOA ns.${name}. hostmaster.${name}. 1 3600 600 86400 ${negativeTtlSeconds}`;
  return ['$TTL 300', `$ORIGIN ${name}.`, soa, '@ NS ns', 'ns A 127.0.0.1', ...records].join('\n') + '\n';
}

function checked(text: string, pattern: RegExp): string {
  if (!pattern.test(text)) throw new Error(`${JSON.stringify(text)} cannot stand in a configuration of named`);
  return text;
}

function quote(text: string): string {
  if (/["\\\n]/.test(text)) throw new Error(`${JSON.stringify(text)} cannot be quoted for named`);
  return `"${text}"`;
}
