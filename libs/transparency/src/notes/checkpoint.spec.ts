import { generateKeyPairSync } from 'node:crypto';
import { EMPTY_ROOT } from '../tree/node-hash.js';
import { formatCheckpoint, ledgerOrigin, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.js';
import type { NoteSigner } from './note-key.js';
import { noteKeyOfSigner } from './note-key.js';
import { addCosignature, addSignature, signNote } from './signed-note.js';

const origin = ledgerOrigin({ domain: 'muster.example', deployment: 'berlin', ledger: 'acme' });
const signer = (name: string): NoteSigner => ({ name, privateKey: generateKeyPairSync('ed25519').privateKey });
const [host, nextKey, witness] = [signer(origin), signer(origin), signer('witness.example/w1')];
const key = noteKeyOfSigner(host);
const checkpoint = { origin, size: 20_852_163, root: Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64') };

describe('a checkpoint', () => {
  it('is the text of tlog-checkpoint', () => {
    expect(formatCheckpoint(checkpoint)).toBe('muster.example/berlin/acme\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n');
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
    expect(parseCheckpoint(formatCheckpoint({ origin, size: 0, root: EMPTY_ROOT }))).toEqual({ origin, size: 0, root: EMPTY_ROOT });
  });

  it('is opened by any of its keys, through a rotation and under witnesses', () => {
    const note = addCosignature(signCheckpoint(checkpoint, [host, nextKey]), { signer: witness, timeSeconds: 7 });
    expect(openCheckpoint(note, { origin, keys: [key] })).toEqual({ checkpoint, signatures: [{ key }], cosignatures: [] });
    const witnessKey = noteKeyOfSigner(witness, 'cosignature');
    expect(openCheckpoint(note, { origin, keys: [noteKeyOfSigner(nextKey)], witnessKeys: [witnessKey] }).cosignatures).toEqual([{ key: witnessKey, timeSeconds: 7 }]);
  });

  it('is not believed on the word of witnesses alone', () => {
    const witnessKey = noteKeyOfSigner(witness);
    expect(() => openCheckpoint(signCheckpoint(checkpoint, [witness]), { origin, keys: [key], witnessKeys: [witnessKey] })).toThrow('unknown-key');
  });

  it('of another ledger is refused, though the key be the same', () => {
    expect(() => openCheckpoint(signCheckpoint({ ...checkpoint, origin: 'muster.example/berlin/other' }, [host]), { origin, keys: [key] })).toThrow('wrong-origin');
  });

  it('may carry extension lines, which are passed over', () => {
    expect(openCheckpoint(signNote(`${formatCheckpoint(checkpoint)}more\n`, [host]), { origin, keys: [key] }).checkpoint).toEqual(checkpoint);
  });

  it.each([
    ['two lines', `${origin}\n1\n`],
    ['an empty line', `${origin}\n1\n${'A'.repeat(43)}=\n\nx\n`],
    ['an empty origin', `\n1\n${'A'.repeat(43)}=\n`],
    ['a size with a zero before it', `${origin}\n01\n${'A'.repeat(43)}=\n`],
    ['a negative size', `${origin}\n-1\n${'A'.repeat(43)}=\n`],
    ['a size that no number holds', `${origin}\n9007199254740993\n${'A'.repeat(43)}=\n`],
    ['a short root', `${origin}\n1\nAAAA\n`],
    ['a root with other bits in its end', `${origin}\n1\n${'A'.repeat(42)}B=\n`],
    ['no last newline', `${origin}\n1\n${'A'.repeat(43)}=`],
  ])('is malformed with %s', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow('malformed');
    if (text.endsWith('\n')) expect(() => openCheckpoint(signNote(text, [host]), { origin, keys: [key] })).toThrow('malformed');
  });

  it('is not made where it could not be read', () => {
    expect(() => formatCheckpoint({ ...checkpoint, size: -1 })).toThrow('malformed');
    expect(() => formatCheckpoint({ ...checkpoint, origin: 'a\nb' })).toThrow('malformed');
    expect(() => formatCheckpoint({ ...checkpoint, root: Buffer.alloc(31) })).toThrow('malformed');
    expect(() => ledgerOrigin({ domain: 'muster.example', deployment: 'a/b', ledger: 'acme' })).toThrow('part of an origin');
    expect(() => addSignature('nothing', host)).toThrow('malformed');
  });
});
