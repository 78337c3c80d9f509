import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessTokenEntry } from '@muster/contracts';
import { systemClock } from '@muster/kernel';
import { aTlsCertificate, eventually } from '@muster/testing';
import { endHostProcess, untilReady } from '../host/host.js';
import type { Desk } from '../muster/desk.js';
import { openDesk } from '../muster/desk.js';
import type { MusterProcess } from '../muster/launch-muster.js';
import { launchMuster, typeMuster } from '../muster/launch-muster.js';

const START_TIMEOUT_MS = 240_000;
/** That it is within five seconds is shown over HTTP; here each try is a process. */
const REVOKED_SEEN_MS_MAX = 20_000;

/** A host that others reach, as an organisation runs it: with a certificate of its own CA, and tokens for those who look after it. */
describe('a host off this machine', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-administration-'));
  const dataDir = join(dir, 'data');
  const { certificate, key } = aTlsCertificate(['muster.corp.example', '127.0.0.1'], systemClock.nowMs());
  const certificateFile = join(dir, 'certificate.pem');
  const keyFile = join(dir, 'key.pem');
  // At home in another directory: nothing of the host is found from there.
  const elsewhere = join(dir, 'elsewhere');
  let launcher: MusterProcess;
  let url: string;
  let desk: Desk;

  beforeAll(async () => {
    for (const each of [dataDir, elsewhere]) mkdirSync(each);
    writeFileSync(certificateFile, certificate);
    writeFileSync(keyFile, key, { mode: 0o600 });
    const args = ['host', 'run', '--data', dataDir, '--port', '0', '--address', '0.0.0.0', '--tls-certificate', certificateFile, '--tls-key', keyFile];
    launcher = launchMuster({ args, logFile: join(dataDir, 'launcher.log') });
    ({ url } = await untilReady(launcher, dataDir));
    desk = openDesk(elsewhere);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    if (launcher !== undefined) await endHostProcess(launcher);
    rmSync(dir, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  const byToken = (token: string) => ['--host', url, '--ca', certificateFile, '--token', token];

  it('is looked after from its own machine by the certificate that it was started with', async () => {
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect(await desk.type(['host', 'status', '--data', dataDir])).toContain(`${url}  ready`);
  });

  it('speaks to nobody without TLS, and is believed by nobody without its CA', async () => {
    await expect(fetch(url.replace('https:', 'http:'))).rejects.toThrow();
    await desk.fail(['host', 'status', '--host', url], { exit: 'unreachable', says: /SELF_SIGNED/ });
  });

  it('is looked after by tokens, each as far as its role goes, until it is revoked', async () => {
    // Alone on its line, so that it can be piped to where it is kept.
    const printed = await desk.type(['token', 'create', '--role', 'viewer', '--expires', '30d', '--note', 'the dashboard', '--data', dataDir]);
    expect(printed).toMatch(/^muster_[\w-]{43}\n$/);
    const token = printed.trim();
    expect(await desk.type(['host', 'status', ...byToken(token)])).toContain('ready');
    await desk.fail(['events', 'list', ...byToken(token)], { exit: 'authentication', says: /takes the role auditor; the token's is viewer\.[^]*--role auditor/ });
    await desk.fail(['token', 'create', '--role', 'admin', ...byToken(token)], { exit: 'authentication', says: /takes the role admin/ });

    const { tokens } = await desk.typeJson<{ readonly tokens: readonly AccessTokenEntry[] }>(['token', 'list', '--data', dataDir]);
    expect(tokens).toMatchObject([{ role: 'viewer', standing: 'valid', note: 'the dashboard' }]);
    expect(JSON.stringify(tokens)).not.toContain(token);

    const tokenId = tokens[0]?.tokenId ?? '';
    expect(await desk.type(['token', 'revoke', tokenId, '--data', dataDir])).toContain('Revoked at');
    const status = async () => (await typeMuster(['host', 'status', ...byToken(token)], { cwd: elsewhere })).code;
    await eventually(async () => expect(await status()).toBe(4), { timeoutMs: REVOKED_SEEN_MS_MAX });
    await desk.fail(['token', 'revoke', '018f0000-0000-7000-8000-000000000000', '--data', dataDir], { exit: 'notFound', says: /no access token/ });
  });

  it('does not start with half a certificate, or one that is none', async () => {
    const run = (...args: readonly string[]) => ['host', 'run', '--data', join(dir, 'other'), ...args];
    await desk.fail(run('--tls-certificate', certificateFile), { exit: 'usage', says: /come together/ });
    await desk.fail(run('--tls-certificate', keyFile, '--tls-key', keyFile), { exit: 'usage', says: /cannot be read/ });
    await desk.fail(run('--address', 'everywhere'), { exit: 'usage', says: /not an IP address/ });
  });
});
