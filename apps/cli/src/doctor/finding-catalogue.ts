/** `info`: to be known. `warning`: somebody should look. `error`: clients are turned away, or will be. */
export type Severity = 'info' | 'warning' | 'error';

/** What a finding is about: the report is grouped by it. */
export const areas = ['dns', 'hosts', 'registrar', 'services', 'machine'] as const;
export type Area = (typeof areas)[number];

interface Entry {
  readonly area: Area;
  /** Those that it can have, the usual one first. */
  readonly severities: readonly [Severity, ...Severity[]];
  readonly meaning: string;
  readonly remedy: string;
}

const dns = {
  'dns-no-resolver': { area: 'dns', severities: ['error'], meaning: 'no DNS server that this machine asks gives an answer', remedy: 'See /etc/resolv.conf and the way to the servers in it, or name one with --resolver.' },
  'dns-resolver-silent': { area: 'dns', severities: ['warning'], meaning: 'one of the DNS servers gives no answer; every look-up that begins with it waits', remedy: 'Start it, or take it out of /etc/resolv.conf.' },
  'dns-lookup-failed': { area: 'dns', severities: ['error'], meaning: 'DNS answers a question with an error', remedy: "Read the DNS server's log: the zone may not be loaded, or not be served to this machine." },
  'dns-service-missing': { area: 'dns', severities: ['error', 'info'], meaning: 'the domain names no host; `info` where the domain was only guessed from the name of the machine', remedy: 'Publish with `muster dns apply`, or enter what `muster dns records` prints.' },
  'dns-site-missing': { area: 'dns', severities: ['warning'], meaning: 'the site names no host of its own; its clients go to hosts of other sites', remedy: 'Let a gateway announce the site (MUSTER_ADVERTISE_SITES), or have another site cover it (MUSTER_DNS_SITES).' },
  'dns-service-off': { area: 'dns', severities: ['warning'], meaning: 'the target is `.`: the service is switched off in this domain on purpose, and clients ask nobody', remedy: 'Remove that record when the service is to be used again.' },
  'dns-target-alias': { area: 'dns', severities: ['error'], meaning: 'an SRV record leads to an alias (CNAME), which RFC 2782 forbids', remedy: 'Announce the name that has the address itself (MUSTER_ADVERTISE).' },
  'dns-target-without-address': { area: 'dns', severities: ['error'], meaning: 'an SRV record leads to a name without an address', remedy: 'Enter the address of that name, or withdraw the endpoint: `muster dns withdraw`.' },
  'dns-scheme-missing': { area: 'dns', severities: ['warning'], meaning: 'no TXT record beside the SRV record says how the port is spoken to; clients insist on https', remedy: 'Publish the TXT record too: `muster dns apply`, or `muster dns records` and enter it.' },
  'dns-http-off-loopback': { area: 'dns', severities: ['error', 'warning'], meaning: 'plain http is published for an address that is not this machine itself; clients refuse it (`warning` where this machine was told not to)', remedy: 'Have the gateway speak TLS, or stand behind something that does, and announce https (MUSTER_ADVERTISE_SCHEME).' },
  'dns-ttl': { area: 'dns', severities: ['warning'], meaning: 'the TTL of the records is not within 30 s and a day', remedy: 'Set MUSTER_DNS_TTL_SECONDS, 300 unless there is a reason, and `muster dns apply`.' },
  'dns-negative-ttl': { area: 'dns', severities: ['info', 'warning'], meaning: 'for how long it is remembered that there is no host: so long the first one may stay unseen; `warning` above an hour', remedy: "Lower the last number of the zone's SOA record; 60 to 900 s suit." },
  'dns-many-records': { area: 'dns', severities: ['warning', 'error'], meaning: 'a name has 80 records or more; BIND refuses the 101st (`error` from 100 on)', remedy: 'Divide the hosts by site, or withdraw some of them.' },
} as const satisfies Record<string, Entry>;

const hosts = {
  'host-none': { area: 'hosts', severities: ['error'], meaning: 'neither DNS nor anybody else names a host', remedy: 'See the findings on DNS, or name a host: `muster machine set-host`.' },
  'host-unreachable': { area: 'hosts', severities: ['error'], meaning: 'nothing answers at the address', remedy: 'See that the host runs, and that a firewall lets its port through.' },
  'host-tls-failed': { area: 'hosts', severities: ['error'], meaning: 'the address is https, and no TLS session comes about there', remedy: 'See that the port speaks TLS; where it does not, publish its scheme as it is.' },
  'host-certificate-untrusted': { area: 'hosts', severities: ['error'], meaning: 'no CA that this machine knows vouches for the TLS certificate', remedy: "Make the organisation's CA known to the system, or give it by --ca or MUSTER_CA_FILE." },
  'host-certificate-name': { area: 'hosts', severities: ['error'], meaning: 'the TLS certificate does not name the host', remedy: 'Have it issued for the very name that is announced.' },
  'host-certificate-expired': { area: 'hosts', severities: ['error'], meaning: 'the TLS certificate has ended, or does not count yet', remedy: 'Renew it; and see that the clock of this machine is right.' },
  'host-certificate-expires': { area: 'hosts', severities: ['warning'], meaning: 'the TLS certificate ends within 14 days', remedy: 'Renew it.' },
  'host-not-proved': { area: 'hosts', severities: ['error'], meaning: 'what answers there does not show that it is a Muster host', remedy: 'See what listens there; a proxy must hand /v1 on as it is.' },
  'host-rogue': { area: 'hosts', severities: ['error'], meaning: "what answers there claims to be a host, and its proof does not lead to the vendor's root key", remedy: 'Find out who put it there. No client of yours believes it, but remove its records: `muster dns plan` names them.' },
  'host-revoked': { area: 'hosts', severities: ['error'], meaning: 'the vendor took back the certificate of the host, or a key that it signs with', remedy: 'Retire the host (`muster host retire`) and set up another.' },
  'host-not-active': { area: 'hosts', severities: ['error'], meaning: 'the host is not activated, or is retired: it serves nobody', remedy: 'Activate it with `muster host activate`; withdraw the records of a retired one.' },
  'host-activation-ended': { area: 'hosts', severities: ['error'], meaning: "the vendor's certificate of the host does not count at the time of this machine", remedy: 'Activate the host again with `muster host activate`; and see that the clock of this machine is right.' },
  'host-not-ready': { area: 'hosts', severities: ['error'], meaning: 'the host says that it cannot serve now', remedy: 'See what it says is down, and its log.' },
  'host-remark': { area: 'hosts', severities: ['warning'], meaning: 'the host serves, with a reservation', remedy: 'See what it says.' },
  'host-clock': { area: 'hosts', severities: ['warning', 'error'], meaning: 'the clocks of host and machine differ by more than 30 s; `error` from 300 s on, where hosts refuse requests', remedy: 'Keep the time of both by NTP.' },
} as const satisfies Record<string, Entry>;

const registrar = {
  'registrar-away': { area: 'registrar', severities: ['warning'], meaning: 'the registrar does not answer: DNS is not kept right', remedy: 'Start it (the service dns-registrar).' },
  'registrar-not-serving': { area: 'registrar', severities: ['warning'], meaning: 'the host is not active, so the registrar lists nothing', remedy: 'Activate it with `muster host activate`.' },
  'registrar-manual': { area: 'registrar', severities: ['info'], meaning: 'no DNS server is configured: records are entered by hand', remedy: '`muster dns records` prints them, `muster dns check` compares.' },
  'registrar-server-failing': { area: 'registrar', severities: ['error'], meaning: 'a DNS server does not take the registrar’s updates', remedy: 'See the reason, and docs/operating/dns.md.' },
  'registrar-clock': { area: 'registrar', severities: ['warning', 'error'], meaning: 'the clocks of registrar and DNS server differ by more than 30 s; `error` where that is too far for signed updates (300 s)', remedy: 'Keep the time of both by NTP.' },
  'registrar-unanswered': { area: 'registrar', severities: ['warning'], meaning: 'the registrar cannot ask DNS what stands in a domain', remedy: 'See the reason, and docs/operating/dns.md.' },
  'registrar-conflict': { area: 'registrar', severities: ['error'], meaning: 'records of an endpoint of ours stand there in the name of somebody else, and are left alone', remedy: 'Find out whose they are; then `muster dns take-over --domain DOMAIN --confirm`, or withdraw the endpoint.' },
  'registrar-foreign': { area: 'registrar', severities: ['warning'], meaning: 'a record at our name is not ours', remedy: 'See whose it is: another deployment’s is fine where that is meant; remove others by hand.' },
  'registrar-stale': { area: 'registrar', severities: ['warning'], meaning: 'a record of ours stands there that nothing wants any more', remedy: '`muster dns apply`; what no endpoint is known for goes by `muster dns scavenge`.' },
  'registrar-differs': { area: 'registrar', severities: ['warning'], meaning: 'DNS is not what is wanted: a record is missing, or is another', remedy: '`muster dns apply`, or enter what `muster dns records` prints.' },
  'registrar-refused': { area: 'registrar', severities: ['warning'], meaning: 'the registrar will not make its changes without a word of yours', remedy: 'Read `muster dns plan`; if it is right, `muster dns apply --delete-share`.' },
  'registrar-finding': { area: 'registrar', severities: ['warning', 'info', 'error'], meaning: 'what the registrar itself found, in its words', remedy: 'As the registrar says.' },
  'endpoint-silent': { area: 'registrar', severities: ['warning'], meaning: 'a gateway is not heard any more; clients are sent to the others first', remedy: 'Start it, or withdraw it: `muster dns withdraw`.' },
} as const satisfies Record<string, Entry>;

const services = {
  'service-gone': { area: 'services', severities: ['error'], meaning: 'a part of the host that runs here has ended', remedy: 'See its log; the launcher starts it again.' },
  'service-not-ready': { area: 'services', severities: ['error'], meaning: 'a service of the host cannot do its work', remedy: 'See what it says is down, and its log.' },
  'service-remark': { area: 'services', severities: ['warning'], meaning: 'a service works, with a reservation', remedy: 'See what it says.' },
  'service-behind': { area: 'services', severities: ['warning'], meaning: 'a service is more than 100 events behind the ledger', remedy: 'Wait; when it does not catch up, see its log.' },
} as const satisfies Record<string, Entry>;

const machine = {
  'machine-none': { area: 'machine', severities: ['info'], meaning: 'no client machine is kept here', remedy: 'Nothing, on an administrator’s machine; else `muster machine activate`, or name its directory with --dir.' },
  'machine-without-lease': { area: 'machine', severities: ['warning'], meaning: 'a product was asked for and is not activated', remedy: 'As `muster machine show` says.' },
  'machine-lease-ended': { area: 'machine', severities: ['error'], meaning: 'the lease of a product has ended', remedy: 'Let the machine reach a host: it asks by itself, `muster machine renew` does so now.' },
  'machine-lease-ends': { area: 'machine', severities: ['warning'], meaning: 'the lease of a product ends soon, and should have been renewed by now', remedy: 'Let the machine reach a host; see the findings on hosts.' },
  'machine-renewals-fail': { area: 'machine', severities: ['warning'], meaning: 'the last contacts of the machine came to nothing', remedy: 'See the findings on DNS and hosts; `muster machine show --detail` names the last contact.' },
  'machine-quarantine': { area: 'machine', severities: ['warning'], meaning: 'a host that DNS named could not prove itself to this machine, and is not asked for 10 minutes', remedy: 'See the findings on hosts: remove from DNS what is no host of yours.' },
  'machine-clock': { area: 'machine', severities: ['warning'], meaning: 'the clock stands behind times that the machine has seen; leases are judged by the latest of them', remedy: 'Set the clock right.' },
} as const satisfies Record<string, Entry>;

/** Every finding that doctor can make. Ids are stable: programs branch on them. `docs/operating/doctor.md` says the same, and a test that it does. */
export const findingCatalogue = { ...dns, ...hosts, ...registrar, ...services, ...machine } as const;

export type FindingId = keyof typeof findingCatalogue;

export const findingIds = Object.keys(findingCatalogue) as readonly FindingId[];

export const entryOf = (id: FindingId): Entry => findingCatalogue[id];
