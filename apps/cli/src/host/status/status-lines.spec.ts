import { createDevelopmentVendor } from '@muster/trust';
import { painter } from '../../terminal/paint.js';
import type { HostStatus } from './host-status.js';
import { listeningWords } from './request-lines.js';
import { statusLines, thresholdWords } from './status-lines.js';

const NOW_MS = Date.parse('2026-11-22T12:00:00.000Z');
const DAY_MS = 86_400_000;

const statusOf = async () => {
  const { certificate } = await createDevelopmentVendor({ nowMs: NOW_MS });
  return {
    url: 'http://127.0.0.1:6878',
    ready: true,
    host: {
      ...{ status: 'active', host: certificate.claims.sub, ledger: 'main', head: 59, certificate: certificate.jws, certificateDigest: certificate.digest, claims: certificate.claims, keys: [] },
      ...{ hostKey: null, signingKey: certificate.claims.sub, announcedKeys: [], revocationSequence: 0 },
    },
    pools: [
      {
        ...{ pool: 'acme', count: 24, physical: 24, virtual: 3, position: 59, asOf: '2026-11-22T12:00:00.000Z', final: false },
        ...{ countWindowSeconds: 30 * 86_400, countVirtualMachines: false },
        products: [
          { name: 'acme.server', threshold: 5, covered: true },
          { name: 'acme.workstation', threshold: 25, covered: true },
        ],
      },
    ],
    statistics: {
      position: 59,
      asOf: '2026-11-22T12:00:00.000Z',
      listening: [{ address: '127.0.0.1', port: 6878 }],
      requests: {
        received: 1029,
        failed: 3,
        failedByReason: { 'product-not-covered': 2, 'host-retired': 0, 'host-certificate-not-valid': 1, 'qualification-missing': 0 },
        byLicenceState: { unlicensed: 27, licensed: 1000, grace: 1, notification: 0, expired: 1 },
        byOutcome: { granted: 20, deferred: 5, renewed: 1000, 'renewal-deferred': 0, released: 1, refused: 3 },
      },
      others: { leasesForceReleased: 0, leasesExpired: 2, machinesRetired: 1 },
    },
    parts: [{ name: 'gateway', kind: 'gateway', pid: 42, port: 6878, state: 'ready', remarks: [] }],
    dataDir: '/srv/me/.muster',
  } as const satisfies HostStatus;
};

describe('the status of a host', () => {
  it('shows counts beside thresholds, the certificate and the parts', async () => {
    const status = await statusOf();
    expect(statusLines(status, { nowMs: NOW_MS, paint: painter(false) })).toEqual([
      'http://127.0.0.1:6878  ready',
      `host          ${status.host.host}`,
      'organisation  development',
      'certificate   valid, 2026-11-22 to 2027-11-22, signed by development-vendor (for development)',
      'signing key   the host key itself',
      'ledger        main, 59 events',
      'data          /srv/me/.muster',
      'listening     127.0.0.1:6878',
      '',
      'pool acme: count 24  (24 physical, 3 virtual, which do not count; seen in the last 30 days)',
      '  product           count  threshold  retry every  renews after     lease',
      '  acme.server          24          5      2 hours        7 days  180 days  activates',
      '  acme.workstation     24         25      2 hours        7 days  180 days  1 machine to go',
      '',
      'requests on record, to position 59: 1,029 received, 3 failed (product not covered 2  host certificate not valid 1)',
      '  licence state  unlicensed 27  licensed 1,000  grace 1  notification 0  expired 1',
      '  outcome        granted 20  deferred 5  renewed 1,000  renewal deferred 0  released 1  refused 3',
      '  besides        2 leases expired, 0 force-released, 1 machine retired',
      '',
      '  part     state  pid  port',
      '  gateway  ready   42  6878',
    ]);
  });

  it('says that only enrolled machines count', async () => {
    const status = await statusOf();
    const lines = statusLines({ ...status, pools: status.pools.map((pool) => ({ ...pool, products: [...pool.products], countOnlyEnrolled: true })) }, { nowMs: NOW_MS, paint: painter(false) });
    expect(lines).toContain('pool acme: count 24  (24 physical, 3 virtual, which do not count; enrolled, and seen in the last 30 days)');
  });

  it('says that a certificate has ended, and that a host is not ready', async () => {
    const lines = statusLines({ ...(await statusOf()), ready: false }, { nowMs: NOW_MS + 400 * DAY_MS, paint: painter(false) });
    expect(lines[0]).toBe('http://127.0.0.1:6878  not ready');
    expect(lines[3]).toMatch(/^certificate {3}ENDED: nobody is served/);
  });

  it('is loud about a certificate in its grace, and names the keys in use', async () => {
    const status = await statusOf();
    const kid = 'k'.repeat(43);
    const host = { ...status.host, status: 'retired' as const, hostKey: { keyId: kid, keyEnding: 'AB3DE', policiesDigest: kid }, signingKey: kid, announcedKeys: [kid], revocationSequence: 7 };
    const lines = statusLines({ ...status, host }, { nowMs: NOW_MS + 370 * DAY_MS, paint: painter(false) });
    expect(lines.slice(1, 7)).toEqual([
      `host          ${status.host.host} (RETIRED: it serves nobody)`,
      'organisation  development',
      'certificate   LAPSED: renewals alone are served, until 2027-12-22; activate the host again, 2026-11-22 to 2027-11-22, signed by development-vendor (for development)',
      'host key      ends in AB3DE',
      `signing key   ${kid}, vouched for by the host key; announced: ${kid}`,
      'revocations   list 7 of the vendor',
    ]);
  });

  it('shows the parts also while the one that knows the counts is away', async () => {
    const status: HostStatus = { ...(await statusOf()), host: null, pools: [], statistics: null, ready: false, problem: 'Counting is away.' };
    expect(statusLines({ ...status, parts: [{ name: 'counting', kind: 'counting', pid: 43, port: 2, state: 'not ready', remarks: ['it does not answer'] }] }, { nowMs: NOW_MS, paint: painter(false) })).toEqual([
      'http://127.0.0.1:6878  not ready',
      'problem       Counting is away.',
      'data          /srv/me/.muster',
      '',
      '  part      state      pid  port',
      '  counting  not ready   43     2  it does not answer',
    ]);
  });

  it('says where a host listens, and that an address stands for all', () => {
    expect(listeningWords([{ address: '0.0.0.0', port: 6878 }])).toBe('0.0.0.0:6878 (every address of the machine)');
    expect(listeningWords([{ address: '127.0.0.1', port: 6878 }, { address: '::1', port: 6878 }])).toBe('127.0.0.1:6878, [::1]:6878');
  });

  it('says what the certificate does not cover', () => {
    expect(thresholdWords(30, { name: 'acme.server', threshold: 5, covered: false })).toMatch(/not covered/);
    expect(thresholdWords(5, { name: 'acme.server', threshold: 5, covered: true })).toBe('activates');
  });
});
