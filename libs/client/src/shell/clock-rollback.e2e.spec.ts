import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianBinary } from '@muster/devstack';
import { DAY_SECONDS, SECOND_MS, systemClock } from '@muster/kernel';
import { fixedClock } from '@muster/testing';
import { createDevelopmentVendor, writePublicKeyFile } from '@muster/trust';
import type { MachineStatus } from '../core/status.js';
import { fakeHost } from './fake-host.fixture.js';
import { openMachine } from './open-machine.js';

const PRODUCT = 'acme.workstation';
const OUT = join(import.meta.dirname, '..', '..', 'out-tsc');
const run = promisify(execFile);

// MT: for programs with threads, as Node is.
const library = await debianBinary({ package: 'libfaketime', binary: 'libfaketimeMT.so.1' }).catch((error: unknown) => {
  process.stderr.write(`\n*** NOT TESTED: a machine's clock set back. ${error instanceof Error ? error.message : String(error)}\n\n`);
  return undefined;
});

/** A process of its own, which knows the time from libfaketime alone. */
const askStatus = `
import { readFileSync } from 'node:fs';
import { openMachine } from '@muster/client';
const [, , dir, rootFile] = process.argv;
const machine = await openMachine({ dir, product: '${PRODUCT}', root: JSON.parse(readFileSync(rootFile, 'utf8')) });
process.stdout.write(JSON.stringify(await machine.status()));
`;

(library === undefined ? describe.skip : describe)('a process whose clock was set back', () => {
  let place: string;
  let script: string;
  let rootFile: string;

  const dirOf = (age: number): string => join(place, `machine-${age}`);

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'muster-rollback-'));
    // Beside the sources, so that it finds the package as it is built.
    mkdirSync(OUT, { recursive: true });
    script = join(OUT, `rollback-${process.pid}.mjs`);
    writeFileSync(script, askStatus);
    const nowMs = systemClock.nowMs();
    const vendor = await createDevelopmentVendor({ nowMs: nowMs - 200 * DAY_SECONDS * SECOND_MS });
    rootFile = join(place, 'root.json');
    await writePublicKeyFile(rootFile, vendor.rootKey.publicJwk);
    for (const age of [5, 100, 160, 181]) {
      const clock = fixedClock(nowMs - age * DAY_SECONDS * SECOND_MS);
      const machine = await openMachine({ dir: dirOf(age), product: PRODUCT, root: vendor.rootKey.publicJwk, hosts: ['http://host'], transport: fakeHost(vendor, { clock }), clock });
      await machine.activate();
    }
  });
  afterAll(() => {
    rmSync(place, { recursive: true });
    rmSync(script, { force: true });
  });

  const statusAt = async (age: number, faketime: string): Promise<MachineStatus> => {
    const env = { ...process.env, NODE_OPTIONS: '', LD_PRELOAD: library?.path ?? '', FAKETIME: faketime, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
    const { stdout } = await run(process.execPath, [script, dirOf(age), rootFile], { env });
    return JSON.parse(stdout) as MachineStatus;
  };

  it.each([
    [5, 'licensed'],
    [100, 'grace'],
    [160, 'notification'],
    [181, 'expired'],
  ])('with a lease of %d days is %s, however far it was set back', async (age, status) => {
    const before = await statusAt(age, '+0s');
    expect(before).toMatchObject({ status, clockSetBackSeconds: 0 });
    for (const back of ['-1h', '-1d', '-30d', '-159d', '-400d']) {
      const after = await statusAt(age, back);
      expect(after.status).toBe(status);
      expect(after.remainingSeconds).toBeLessThanOrEqual(before.remainingSeconds ?? 0);
      expect(after.clockSetBackSeconds).toBeGreaterThan(0);
      expect(after.whatToDo).toMatch(/^Set the clock/);
    }
  });

  it('by two seconds says nothing of it', async () => {
    const before = await statusAt(160, '+0s');
    expect(await statusAt(160, '-2s')).toEqual({ ...before, remainingSeconds: expect.any(Number) as unknown, nextContactMs: expect.any(Number) as unknown });
  });
});
