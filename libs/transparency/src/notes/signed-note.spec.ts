import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { formatVerifierKey, noteKeyOf, noteKeyOfSigner, parseVerifierKey } from './note-key.js';
import type { NoteSigner } from './note-key.js';
import type { NoteRefusal } from './note-refused.js';
import { isNoteRefused } from './note-refused.js';
import { NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX, parseNote } from './note-text.js';
import { addCosignature, addSignature, openNote, signNote } from './signed-note.js';

/** An Ed25519 private key from its 32 bytes: RFC 8410 says what stands before them. */
const signerOf = (name: string, seed: Buffer): NoteSigner => ({ name, privateKey: createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' }) });

/** The examples of Go's package golang.org/x/mod/sumdb/note: a key published to be tested with. */
const neumann = signerOf('PeterNeumann', Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1));
const neumannKey = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
const enochRoot = signerOf('EnochRoot', Buffer.alloc(32));
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const signedByNeumann = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
const enochLine = '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

const refusalOf = (act: () => unknown): NoteRefusal | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    if (!isNoteRefused(error)) throw error;
    return error.reason;
  }
};

describe('the examples of sumdb/note', () => {
  it('are signed byte for byte', () => {
    expect(signNote(text, [neumann])).toBe(signedByNeumann);
    expect(addSignature(signedByNeumann, enochRoot)).toBe(signedByNeumann + enochLine);
    expect(signNote(text, [neumann, enochRoot])).toBe(signedByNeumann + enochLine);
  });

  it('are opened', () => {
    expect(openNote(signedByNeumann, [neumannKey])).toEqual({ text, signatures: [{ key: neumannKey }] });
    expect(openNote(Buffer.from(signedByNeumann + enochLine), [neumannKey]).signatures).toHaveLength(1);
    expect(openNote(signedByNeumann + enochLine, [neumannKey, noteKeyOfSigner(enochRoot)]).signatures).toHaveLength(2);
  });

  it('name the same key', () => {
    expect(formatVerifierKey(noteKeyOfSigner(neumann))).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    expect(parseVerifierKey(formatVerifierKey(neumannKey))).toEqual(neumannKey);
  });
});

describe('a note', () => {
  it('is refused where nobody known signed it', () => {
    expect(refusalOf(() => openNote(signedByNeumann, []))).toBe('unknown-key');
    expect(refusalOf(() => openNote(signedByNeumann, [noteKeyOfSigner(enochRoot)]))).toBe('unknown-key');
  });

  it('is refused for one wrong signature of a known key, whatever the others say', () => {
    const wrong = signedByNeumann.replace('x08go/ZJ', 'x08go/ZK');
    expect(refusalOf(() => openNote(wrong, [neumannKey]))).toBe('signature-invalid');
    expect(refusalOf(() => openNote(wrong + enochLine, [neumannKey, noteKeyOfSigner(enochRoot)]))).toBe('signature-invalid');
    expect(openNote(wrong + enochLine, [noteKeyOfSigner(enochRoot)]).signatures).toHaveLength(1);
  });

  it('passes over a key that shares only the name or only the id', () => {
    const namesake = noteKeyOf({ name: 'PeterNeumann', publicKey: Buffer.alloc(32, 9) });
    expect(refusalOf(() => openNote(signedByNeumann, [namesake]))).toBe('unknown-key');
    expect(refusalOf(() => openNote(signedByNeumann, [{ ...neumannKey, name: 'Other' }]))).toBe('unknown-key');
    expect(refusalOf(() => openNote(signedByNeumann, [{ ...namesake, keyId: neumannKey.keyId }]))).toBe('signature-invalid');
  });

  it('is refused with any bit of its text or of its signature changed', () => {
    const bytes = Buffer.from(signedByNeumann);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(refusalOf(() => openNote(changed, [neumannKey]))).toBeDefined();
    }
  });

  it('may have empty lines in its text', () => {
    const poem = 'one\n\n\ntwo\n';
    expect(openNote(signNote(poem, [neumann]), [neumannKey]).text).toBe(poem);
  });

  it.each([
    ['nothing', ''],
    ['no signature', `${text}\n`],
    ['no empty line', text],
    ['no last newline', signedByNeumann.slice(0, -1)],
    ['a carriage return', signedByNeumann.replace('problem,\n', 'problem,\r\n')],
    ['a tab', signedByNeumann.replace('you think', 'you\tthink')],
    ['a line that is no signature', `${signedByNeumann}hello\n`],
    ['a hyphen for the dash', signedByNeumann.replace('—', '-')],
    ['two spaces', signedByNeumann.replace('— ', '—  ')],
    ['a name with a plus', signedByNeumann.replace('PeterNeumann', 'Peter+Neumann')],
    ['a name with a space of another width', signedByNeumann.replace('PeterNeumann', 'Peter Neumann')],
    ['base64 without its padding', signedByNeumann.replace('nAM=\n', 'nAM\n')],
    ['base64 with other bits in its end', signedByNeumann.replace('nAM=\n', 'nAN=\n')],
    ['a signature that is an id and no more', `${text}\n— PeterNeumann x08gow==\n`],
    ['half a character', signedByNeumann.replace('—', '\ud800')],
  ])('is malformed with %s', (_, note) => {
    expect(refusalOf(() => openNote(note, [neumannKey]))).toBe('malformed');
  });

  it('is malformed where its bytes are not UTF-8, and too large beyond the bounds', () => {
    expect(refusalOf(() => parseNote(Buffer.concat([Buffer.of(0xff), Buffer.from(signedByNeumann)])))).toBe('malformed');
    expect(refusalOf(() => parseNote(Buffer.alloc(NOTE_BYTES_MAX + 1, 'a')))).toBe('too-large');
    expect(parseNote(signedByNeumann + enochLine.repeat(NOTE_SIGNATURES_MAX - 1)).signatures).toHaveLength(NOTE_SIGNATURES_MAX);
    expect(refusalOf(() => parseNote(signedByNeumann + enochLine.repeat(NOTE_SIGNATURES_MAX)))).toBe('too-large');
    expect(refusalOf(() => signNote('no newline', [neumann]))).toBe('malformed');
  });

  it('never makes the parser throw anything but a refusal', () => {
    const pieces = fc.constantFrom('\n', '\n\n', '— ', 'PeterNeumann', ' ', 'x08gow==', enochLine, text, '—', '+', '=');
    fc.assert(fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 12 }), (parts) => void refusalOf(() => openNote(parts.join(''), [neumannKey]))));
  });
});

describe('a cosignature', () => {
  const witness: NoteSigner = { name: 'witness.example/w1', privateKey: generateKeyPairSync('ed25519').privateKey };
  const key = noteKeyOfSigner(witness, 'cosignature');

  it('says when the note was seen, under a key id of its own', () => {
    const note = addCosignature(signedByNeumann, { signer: witness, timeSeconds: 1_679_315_147 });
    expect(openNote(note, [neumannKey, key]).signatures).toEqual([{ key: neumannKey }, { key, timeSeconds: 1_679_315_147 }]);
    expect(key.keyId).not.toBe(noteKeyOfSigner(witness).keyId);
    expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key);
    // The same key, believed only for plain notes: passed over.
    expect(refusalOf(() => openNote(note, [noteKeyOfSigner(witness)]))).toBe('unknown-key');
  });

  it('is refused for another time, and where it is too short', () => {
    const note = addCosignature(signedByNeumann, { signer: witness, timeSeconds: 1 });
    const { text: body, signatures } = parseNote(note);
    const [, mine] = signatures;
    const later = Buffer.from(mine!.signature);
    later[7] = 2;
    const line = (signature: Buffer): string => `${body}\n— ${witness.name} ${Buffer.concat([Buffer.from(key.keyId.toString(16).padStart(8, '0'), 'hex'), signature]).toString('base64')}\n`;
    expect(openNote(line(Buffer.from(mine!.signature)), [key]).signatures).toHaveLength(1);
    expect(refusalOf(() => openNote(line(later), [key]))).toBe('signature-invalid');
    expect(refusalOf(() => openNote(line(later.subarray(1)), [key]))).toBe('signature-invalid');
  });
});

describe('a verifier key', () => {
  it.each([
    'PeterNeumann+c74f20a3', 'PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a3+AhpcZQ==', 'PeterNeumann+c74f20a3+ARpc2Q==', 'PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'PeterNeumann+c74f20a3+A*',
  ])('%s is malformed', (vkey) => {
    expect(refusalOf(() => parseVerifierKey(vkey))).toBe('malformed');
  });

  it('is not made under a name that no note can hold', () => {
    for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', '\ud800']) expect(() => noteKeyOf({ name, publicKey: Buffer.alloc(32) })).toThrow('cannot name a key');
    expect(() => noteKeyOf({ name: 'a', publicKey: Buffer.alloc(31) })).toThrow('32 bytes');
    expect(() => noteKeyOfSigner({ name: 'a', privateKey: generateKeyPairSync('x25519').privateKey })).toThrow('not an Ed25519 key');
  });
});
