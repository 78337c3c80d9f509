import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@muster/devstack';
import pg from 'pg';
import { endHostProcess, launchHost, startHost } from '../host/host.js';

const TEST_TIMEOUT_MS = 240_000;

/** What `muster` ends with when something is in the way. */
const EXIT_CONFLICT = 5;

const dir = mkdtempSync(join(tmpdir(), 'muster-edited-ledger-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** As somebody does who has the database to himself: off with the trigger, and a threshold of one. */
const editThreshold = async (dataDir: string): Promise<void> => {
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  const superuser = new pg.Client({ connectionString: postgres.superuserUrl });
  try {
    await superuser.connect();
    await superuser.query('alter table muster.events disable trigger events_never_change');
    const edit = `update muster.events set body = convert_to(replace(convert_from(body, 'UTF8'), '"threshold":25', '"threshold":1'), 'UTF8') where position = 1`;
    expect((await superuser.query(edit)).rowCount).toBe(1);
  } finally {
    await superuser.end();
    await postgres.stop();
  }
};

it(
  'a host does not start by a threshold that was edited in its ledger, and says why',
  async () => {
    const dataDir = join(dir, 'data');
    await (await startHost({ dataDir })).stop();
    await editThreshold(dataDir);
    const launcher = launchHost({ dataDir });
    try {
      expect((await launcher.exited).code).toBe(EXIT_CONFLICT);
      expect(launcher.output()).toMatch(/refuses to serve: The certificate in the ledger is not what the vendor signed: its policies were changed/);
    } finally {
      await endHostProcess(launcher);
    }
  },
  TEST_TIMEOUT_MS,
);
