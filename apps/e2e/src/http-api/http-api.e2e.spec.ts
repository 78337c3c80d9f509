import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../host/host.js';
import { startHost } from '../host/host.js';
import { describeArbitraryInput } from './arbitrary-input.fixture.js';
import { describeApiDocument } from './api-document.fixture.js';
import { describeDns } from './dns.fixture.js';
import { describeHostProofs } from './host-proofs.fixture.js';
import { describeProblems } from './problems.fixture.js';
import { describeRenewals } from './renewals.fixture.js';
import { describeStatistics } from './statistics.fixture.js';
import { describeRoles } from './roles.fixture.js';
import { describeWhoMayAsk } from './who-may-ask.fixture.js';

const START_TIMEOUT_MS = 240_000;

/** One host for all of it: starting one costs more than all these requests. */
describe('the HTTP API of a running host', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-http-api-'));
  let host: Host | undefined;

  beforeAll(async () => {
    host = await startHost({ dataDir: join(dir, 'data'), asDelivered: true });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await host?.end();
    rmSync(dir, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  const started = () => {
    if (host === undefined) throw new Error('the host did not start');
    return host;
  };
  const api = () => started().api;
  describeProblems(api);
  describeWhoMayAsk(api);
  describeRenewals(api);
  describeStatistics(started);
  describeHostProofs(started);
  describeDns(api);
  describeRoles(api);
  describeApiDocument(api);
  describeArbitraryInput(api);
});
