/** Every subject on the bus. Requests are answered by one member of the queue group named like the service. */
export const subjects = {
  /** Open to an organisation's own services: the same signed request as over HTTP; served by the gateway. */
  activationSubmit: 'muster.v1.activation.submit',
  /** A verified request, gateway to activation. */
  activationRequest: 'muster.v1.activation.request',
  /** Verified requests about a lease, gateway to lease-renewal. */
  leaseRenew: 'muster.v1.lease.renew',
  leaseRelease: 'muster.v1.lease.release',
  /** An administrator's acts. */
  leaseForceRelease: 'muster.v1.lease.force-release',
  machineRetire: 'muster.v1.machine.retire',
  leaseList: 'muster.v1.lease.list',
  machineList: 'muster.v1.machine.list',
  /** Totals over all requests on record: answered by lease-renewal. */
  statisticsRead: 'muster.v1.statistics.read',
  /** "As of head H, at now, these machines bring the counts to …": activation to counting. */
  countingTally: 'muster.v1.counting.tally',
  countingPools: 'muster.v1.counting.pools',
  countingCount: 'muster.v1.counting.count',
  /** Rebuilds the counts from zero beside the live ones and compares; answers with progress, then the report. */
  countingReplay: 'muster.v1.counting.replay',
  hostDescribe: 'muster.v1.host.describe',
  /** An administrator's acts on the host itself. */
  hostInstallKey: 'muster.v1.host.install-key',
  hostConfirm: 'muster.v1.host.confirm',
  hostRetire: 'muster.v1.host.retire',
  hostAnnounceKey: 'muster.v1.host.announce-key',
  hostChangeKey: 'muster.v1.host.change-key',
  hostInstallRevocations: 'muster.v1.host.install-revocations',
  /** The vendor's revocation list in force. */
  hostRevocations: 'muster.v1.host.revocations',
  /** Whose token is this, by its hash: gateway to counting. */
  accessIdentify: 'muster.v1.access.identify',
  accessList: 'muster.v1.access.list',
  accessCreate: 'muster.v1.access.create',
  accessRevoke: 'muster.v1.access.revoke',
  enrolmentList: 'muster.v1.enrolment.list',
  enrolmentCreate: 'muster.v1.enrolment.create',
  enrolmentRevoke: 'muster.v1.enrolment.revoke',
  /** Installation requests that wait for somebody who can reach the authority. */
  proxyRequest: 'muster.v1.proxy.request',
  proxyList: 'muster.v1.proxy.list',
  proxyConfirm: 'muster.v1.proxy.confirm',
  /** Shows that the host holds the key of its certificate: gateway to activation. */
  hostProve: 'muster.v1.host.prove',
  /** Broadcast by each gateway: where it is reached, and that it lives. */
  endpointBeat: 'muster.v1.endpoint.beat',
  dnsDescribe: 'muster.v1.dns.describe',
  dnsRecords: 'muster.v1.dns.records',
  dnsPlan: 'muster.v1.dns.plan',
  dnsApply: 'muster.v1.dns.apply',
  dnsOrder: 'muster.v1.dns.order',
  dnsTakeOver: 'muster.v1.dns.take-over',
  dnsScavenge: 'muster.v1.dns.scavenge',
  ledgerRead: 'muster.v1.ledger.read',
  /** Has a request id an outcome already? Gateway to counting, for requests beyond a limit: repeats have none. */
  ledgerIsRecorded: 'muster.v1.ledger.is-recorded',
  /** An operator's act. */
  ledgerAcceptTimeStep: 'muster.v1.ledger.accept-time-step',
  /** Broadcast after each commit. A hint: truth is by position. */
  ledgerAppended: 'muster.v1.ledger.appended',
} as const;

export type Subject = (typeof subjects)[keyof typeof subjects];

/** Queue groups; `integration` is for an organisation's own services, which answer nothing. */
export type BusUser = 'gateway' | 'activation' | 'counting' | 'lease-renewal' | 'dns-registrar' | 'integration';

interface BusPermissions {
  /** Subjects that the user may send requests or broadcasts to. */
  readonly publishes: readonly Subject[];
  /** Subjects that the user answers, in the queue group of its name. */
  readonly serves: readonly Subject[];
  /** Broadcasts that the user listens to. */
  readonly follows: readonly Subject[];
}

/** What administrators and isolated machines ask for; the activation service records it. */
const administered = [
  subjects.hostInstallKey,
  subjects.hostConfirm,
  subjects.hostRetire,
  subjects.hostAnnounceKey,
  subjects.hostChangeKey,
  subjects.hostInstallRevocations,
  subjects.accessCreate,
  subjects.accessRevoke,
  subjects.enrolmentCreate,
  subjects.enrolmentRevoke,
  subjects.enrolmentList, // who decides by the tokens knows them anyway
  subjects.proxyRequest,
  subjects.proxyConfirm,
];

/** What is known of them; the counting service follows the ledger anyway. */
const administeredReads = [subjects.hostRevocations, subjects.accessIdentify, subjects.accessList, subjects.proxyList];

/** DNS, as administrators see and change it. */
const dns = [subjects.dnsDescribe, subjects.dnsRecords, subjects.dnsPlan, subjects.dnsApply, subjects.dnsOrder, subjects.dnsTakeOver, subjects.dnsScavenge];

/** Who may do what on the bus. The private NATS's credentials and the compose file's are generated from this table. */
export const busPermissions: Readonly<Record<BusUser, BusPermissions>> = {
  gateway: {
    publishes: [
      subjects.activationRequest,
      subjects.leaseRenew,
      subjects.leaseRelease,
      subjects.leaseForceRelease,
      subjects.machineRetire,
      subjects.leaseList,
      subjects.machineList,
      subjects.statisticsRead,
      subjects.countingPools,
      subjects.countingCount,
      subjects.countingReplay,
      subjects.hostDescribe,
      subjects.ledgerRead,
      subjects.ledgerIsRecorded,
      subjects.ledgerAcceptTimeStep,
      subjects.hostProve,
      subjects.endpointBeat,
      ...administered,
      ...administeredReads,
      ...dns,
    ],
    serves: [subjects.activationSubmit],
    follows: [],
  },
  activation: { publishes: [subjects.countingTally, subjects.ledgerAppended], serves: [subjects.activationRequest, subjects.hostProve, subjects.ledgerAcceptTimeStep, ...administered], follows: [subjects.ledgerAppended] },
  'lease-renewal': {
    publishes: [subjects.countingTally, subjects.ledgerAppended],
    serves: [subjects.leaseRenew, subjects.leaseRelease, subjects.leaseForceRelease, subjects.machineRetire, subjects.leaseList, subjects.statisticsRead],
    follows: [subjects.ledgerAppended],
  },
  counting: {
    publishes: [],
    serves: [subjects.machineList, subjects.countingTally, subjects.countingPools, subjects.countingCount, subjects.countingReplay, subjects.hostDescribe, subjects.ledgerRead, subjects.ledgerIsRecorded, ...administeredReads],
    follows: [subjects.ledgerAppended],
  },
  'dns-registrar': { publishes: [subjects.ledgerAppended], serves: dns, follows: [subjects.ledgerAppended, subjects.endpointBeat] },
  integration: { publishes: [subjects.activationSubmit], serves: [], follows: [subjects.ledgerAppended] },
};

/** Replies to a user's requests arrive below this prefix, which no other user may read. */
export const inboxPrefix = (user: BusUser): string => `_INBOX_${user}`;
