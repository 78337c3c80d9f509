import { generateKeyPairSync } from 'node:crypto';
import { inclusionProof, rootAt } from '../tiles/proofs.js';
import { treeOf } from '../tiles/tree-of.fixture.js';
import { leafNumber, leavesUpTo } from '../tree/naive-tree.fixture.js';
import { signCheckpoint } from './checkpoint.js';
import { noteKeyOfSigner } from './note-key.js';
import { formatTlogProof, openTlogProof, parseTlogProof } from './tlog-proof.js';

const SIZE = 300;
const origin = 'muster.example/berlin/acme';
const host = { name: origin, privateKey: generateKeyPairSync('ed25519').privateKey };
const trust = { origin, keys: [noteKeyOfSigner(host)] };
const { tiles } = treeOf(leavesUpTo(SIZE));
const note = signCheckpoint({ origin, size: SIZE, root: await rootAt(SIZE, tiles) }, [host]);
const proofOf = async (leafIndex: number): Promise<string> => formatTlogProof({ leafIndex, proof: await inclusionProof({ leafIndex, treeSize: SIZE }, tiles), note });

describe('a proof in one text', () => {
  it('is that of tlog-proof', async () => {
    const text = await proofOf(41);
    expect(text.startsWith('c2sp.org/tlog-proof@v1\nindex 41\n')).toBe(true);
    expect(text.endsWith(`=\n\n${note}`)).toBe(true);
    expect(formatTlogProof(parseTlogProof(text))).toBe(text);
    expect(formatTlogProof(parseTlogProof(text.replace('index', 'extra AAAA\nindex')))).toBe(text);
  });

  it('shows where an event stands, and nothing else', async () => {
    const text = await proofOf(41);
    expect(openTlogProof(text, { leafHash: leafNumber(41), trust })).toMatchObject({ leafIndex: 41, checkpoint: { size: SIZE } });
    expect(() => openTlogProof(text, { leafHash: leafNumber(42), trust })).toThrow('not-included: the event is not number 42 of the 300');
    expect(() => openTlogProof(text.replace('index 41', 'index 40'), { leafHash: leafNumber(41), trust })).toThrow('not-included');
    expect(() => openTlogProof(text.replace('\n300\n', '\n301\n'), { leafHash: leafNumber(41), trust })).toThrow('signature-invalid');
  });

  it('of the only event needs no hashes', async () => {
    const alone = signCheckpoint({ origin, size: 1, root: leafNumber(0) }, [host]);
    expect(openTlogProof(formatTlogProof({ leafIndex: 0, proof: [], note: alone }), { leafHash: leafNumber(0), trust }).checkpoint.size).toBe(1);
  });

  it.each(['', 'c2sp.org/tlog-proof@v2\nindex 0\n\nx', 'c2sp.org/tlog-proof@v1\n\nx', 'c2sp.org/tlog-proof@v1\nindex 01\n\nx', 'c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx', 'c2sp.org/tlog-proof@v1\nindex 0\n'])('%j is malformed', (text) => {
    expect(() => parseTlogProof(text)).toThrow('malformed');
  });

  it('is bounded', () => {
    expect(() => parseTlogProof('x'.repeat(600_000))).toThrow('too-large');
    expect(() => parseTlogProof(formatTlogProof({ leafIndex: 0, proof: Array.from({ length: 64 }, () => leafNumber(0)), note }))).toThrow('too-large');
  });
});
