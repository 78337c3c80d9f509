/**
 * What the stand-alone verifier does in a second, beside `sha256sum` of the same bytes.
 * Run after a build: node libs/transparency/bench/verifier.bench.mjs [events]
 */
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import console from 'node:console';
import { generateKeyPairSync, hash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { leafHash, runningHash, GENESIS_HASH } from '@muster/event-store';
import { createFrontier, EMPTY_RANGE, formatVerifierKey, noteKeyOfSigner, packCheckpoint, packEvent, packManifest, signCheckpoint } from '@muster/transparency';

const EVENTS = Number(process.argv[2] ?? 300_000);
const ROUNDS = 3;
const CHECKPOINT_EVERY = 10_000;
const BODY_BYTES = 400; // what a decision's body has
const verifier = fileURLToPath(import.meta.resolve('@muster/transparency/verify-muster-pack.mjs'));

const origin = 'muster.example/bench/acme';
const signer = { name: origin, privateKey: generateKeyPairSync('ed25519').privateKey };
const directory = mkdtempSync(join(tmpdir(), 'muster-bench-'));
const file = (name) => join(directory, name);
try {
  const frontier = createFrontier();
  const out = openSync(file('events.ndjson'), 'w');
  const checkpoints = [];
  let running = GENESIS_HASH;
  let writing = 0;
  for (let position = 1; position <= EVENTS; position += 1) {
    const body = Buffer.from(JSON.stringify({ n: position, filler: hash('sha256', String(position), 'hex').repeat(7).slice(0, BODY_BYTES - 30) }));
    const fields = { ledger: 'acme', position, recordedAtMs: 1_795_334_400_000 + position, type: 'ActivationGranted', version: 1, actor: 'service:activation', requestId: null, causationId: position > 1 ? position - 1 : null, body };
    const leaf = leafHash(fields);
    running = runningHash(running, leaf);
    frontier.append(leaf);
    const began = performance.now();
    const line = packEvent({ ...fields, columns: {}, leafHash: leaf, runningHash: running });
    writing += performance.now() - began;
    writeSync(out, `${line}\n`);
    if (position % CHECKPOINT_EVERY === 0 || position === EVENTS) checkpoints.push(packCheckpoint(signCheckpoint({ origin, size: position, root: frontier.root() }, [signer])));
  }
  closeSync(out);
  const key = noteKeyOfSigner(signer);
  writeFileSync(file('manifest.json'), JSON.stringify(packManifest({ ledger: 'acme', origin, from: 1, to: EVENTS, before: { runningHash: GENESIS_HASH, range: EMPTY_RANGE }, keys: [key] })));
  writeFileSync(file('checkpoints.ndjson'), checkpoints.map((line) => `${line}\n`).join(''));

  const seconds = (command, args) => {
    const began = performance.now();
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
    return (performance.now() - began) / 1000;
  };
  const took = { verifier: [], sha256sum: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    took.verifier.push(seconds(process.execPath, [verifier, '--quiet', '--key', formatVerifierKey(key), directory]));
    took.sha256sum.push(seconds('sha256sum', [file('events.ndjson')]));
  }
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const [verifying, summing] = [median(took.verifier), median(took.sha256sum)];
  const mebibytes = statSync(file('events.ndjson')).size / 2 ** 20;
  console.log(`${EVENTS.toLocaleString('en')} events, ${mebibytes.toFixed(0)} MiB: a line is written in ${((writing / EVENTS) * 1000).toFixed(1)} us`);
  console.log(`verified in ${verifying.toFixed(1)} s, ${Math.round(EVENTS / verifying).toLocaleString('en')} events/s, ${(mebibytes / verifying).toFixed(0)} MiB/s; sha256sum ${summing.toFixed(1)} s, ${(verifying / summing).toFixed(1)} times less`);
} finally {
  rmSync(directory, { recursive: true });
}
