import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import type { CheckpointTrust } from '../notes/checkpoint.js';
import { signCheckpoint } from '../notes/checkpoint.js';
import type { NoteSigner } from '../notes/note-key.js';
import { noteKeyOfSigner } from '../notes/note-key.js';
import { consistencyProof, rootAt } from '../tiles/proofs.js';
import { treeOf } from '../tiles/tree-of.fixture.js';
import { EMPTY_ROOT } from '../tree/node-hash.js';
import { leafNumber, leavesUpTo } from '../tree/naive-tree.fixture.js';
import { formatAddCheckpoint, parseAddCheckpoint } from './add-checkpoint.js';
import type { CheckpointSubmission, SeenCheckpoint, WitnessVerdict } from './witness-rules.js';
import { witnessCheckpoint } from './witness-rules.js';

const SIZE_MAX = 300;
const origin = 'muster.example/berlin/acme';
const signer = (name: string): NoteSigner => ({ name, privateKey: generateKeyPairSync('ed25519').privateKey });
const host = signer(origin);
const trust: CheckpointTrust = { origin, keys: [noteKeyOfSigner(host)] };
const { tiles } = treeOf(leavesUpTo(SIZE_MAX));
/** The same ledger with event 100 rewritten, and all hashes and signatures made anew. */
const rewritten = treeOf(leavesUpTo(SIZE_MAX).with(99, leafNumber(9999))).tiles;

const noteAt = async (size: number, tree = tiles, by = host): Promise<string> => signCheckpoint({ origin, size, root: size === 0 ? EMPTY_ROOT : await rootAt(size, tree) }, [by]);
const submission = async (oldSize: number, size: number, tree = tiles): Promise<CheckpointSubmission> => ({ oldSize, proof: oldSize <= size ? await consistencyProof({ firstSize: oldSize, secondSize: size }, tree) : [], note: await noteAt(size, tree) });
const seenAt = async (size: number): Promise<SeenCheckpoint> => ({ origin, size, root: size === 0 ? EMPTY_ROOT : await rootAt(size, tiles), note: await noteAt(size) });
const reasonOf = (verdict: WitnessVerdict): string => (verdict.accepted ? 'accepted' : verdict.reason);

describe('a witness', () => {
  it('takes the first checkpoint on its signature', async () => {
    const verdict = witnessCheckpoint(await submission(0, 100), { trust, last: undefined });
    expect(verdict).toEqual({ accepted: true, isNew: true, seen: await seenAt(100) });
  });

  it('follows a ledger that only grows, whatever the steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat({ max: SIZE_MAX }), { minLength: 1, maxLength: 6 }), async (sizes) => {
        let last: SeenCheckpoint | undefined;
        for (const size of sizes.toSorted((a, b) => a - b)) {
          const verdict = witnessCheckpoint(await submission(last?.size ?? 0, size), { trust, last });
          if (!verdict.accepted) throw new Error(verdict.detail);
          last = verdict.seen;
        }
      }),
      { numRuns: 30 },
    );
  });

  it('accepts what it has seen already, and keeps the note it has', async () => {
    const last = await seenAt(100);
    expect(witnessCheckpoint(await submission(100, 100), { trust, last })).toEqual({ accepted: true, isNew: false, seen: last });
  });

  it('refuses a rollback, and holds both notes up', async () => {
    const last = await seenAt(200);
    const verdict = witnessCheckpoint(await submission(200, 199), { trust, last });
    expect(verdict).toMatchObject({ accepted: false, reason: 'rollback', knownSize: 200, contradiction: [last, { size: 199 }] });
  });

  it('refuses another root for the same size', async () => {
    const verdict = witnessCheckpoint(await submission(200, 200, rewritten), { trust, last: await seenAt(200) });
    expect(verdict).toMatchObject({ accepted: false, reason: 'fork', contradiction: [{ size: 200 }, { size: 200 }] });
  });

  it('refuses a ledger that was rewritten and has grown since, whatever proof comes along', async () => {
    const last = await seenAt(200);
    expect(reasonOf(witnessCheckpoint(await submission(200, 300, rewritten), { trust, last }))).toBe('inconsistent');
    const { proof } = await submission(200, 300);
    expect(reasonOf(witnessCheckpoint({ ...(await submission(200, 300, rewritten)), proof }, { trust, last }))).toBe('inconsistent');
    // What was rewritten after the last checkpoint seen is none of its business.
    expect(reasonOf(witnessCheckpoint(await submission(99, 300, rewritten), { trust, last: await seenAt(99) }))).toBe('accepted');
  });

  it('asks for a proof from the size that it knows', async () => {
    expect(witnessCheckpoint(await submission(100, 300), { trust, last: await seenAt(200) })).toMatchObject({ accepted: false, reason: 'stale', knownSize: 200 });
    expect(witnessCheckpoint(await submission(100, 300), { trust, last: undefined })).toMatchObject({ accepted: false, reason: 'stale', knownSize: 0 });
    expect(reasonOf(witnessCheckpoint({ ...(await submission(0, 300)), proof: [EMPTY_ROOT] }, { trust, last: undefined }))).toBe('inconsistent');
  });

  it('refuses the wrong key, a wrong signature, another ledger and what is no note', async () => {
    const at = { trust, last: undefined };
    const good = await submission(0, 100);
    expect(reasonOf(witnessCheckpoint({ ...good, note: await noteAt(100, tiles, signer(origin)) }, at))).toBe('wrong-key');
    expect(reasonOf(witnessCheckpoint({ ...good, note: good.note.replace('\n100\n', '\n101\n') }, at))).toBe('wrong-key');
    expect(reasonOf(witnessCheckpoint({ ...good, note: signCheckpoint({ origin: 'muster.example/berlin/other', size: 1, root: EMPTY_ROOT }, [host]) }, at))).toBe('wrong-origin');
    expect(reasonOf(witnessCheckpoint({ ...good, note: 'hello' }, at))).toBe('malformed');
  });
});

describe('the body of add-checkpoint', () => {
  it('is that of tlog-witness', async () => {
    const sent = await submission(100, 300);
    const body = formatAddCheckpoint(sent);
    expect(body.startsWith('old 100\n')).toBe(true);
    expect(body.endsWith(`=\n\n${sent.note}`)).toBe(true);
    expect(parseAddCheckpoint(body)).toEqual(sent);
    expect(parseAddCheckpoint(formatAddCheckpoint({ ...sent, proof: [] }))).toEqual({ ...sent, proof: [] });
  });

  it.each(['', 'old 1\n', 'old 01\n\nx', 'new 1\n\nx', 'old 9007199254740993\n\nx', 'old 1\nAAAA\n\nx', 'old 1\n*\n\nx'])('%j is malformed', (body) => {
    expect(() => parseAddCheckpoint(body)).toThrow('malformed');
  });

  it('is bounded', () => {
    const proof = Array.from({ length: 64 }, () => EMPTY_ROOT);
    expect(() => parseAddCheckpoint(formatAddCheckpoint({ oldSize: 1, proof, note: '' }))).toThrow('too-large');
    expect(() => parseAddCheckpoint('x'.repeat(600_000))).toThrow('too-large');
  });
});
