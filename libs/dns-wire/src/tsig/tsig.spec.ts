import fc from 'fast-check';
import { SECOND_MS } from '@muster/kernel';
import { failureIn, outcomeOf } from '../dns-failure.fixture.js';
import { isDnsFailure } from '../dns-failure.js';
import { RCODE, TSIG_ERROR, TYPE } from '../message/codes.js';
import { encodeMessage } from '../message/encode-message.js';
import { anyMessage } from '../message/message.arbitrary.fixture.js';
import { requestHeader } from '../message/message.js';
import { buildUpdate } from '../update/build-update.js';
import { fixedKey, FIXED_SECRET, NSUPDATE_REQUEST, NSUPDATE_SIGNED_MS } from './nsupdate.fixture.js';
import { FUDGE_SECONDS, signMessage } from './sign-message.js';
import { createTsigKey, TSIG_ALGORITHMS } from './tsig-key.js';
import { attachTsig, detachTsig, type TsigRecord } from './tsig-record.js';
import { verifyMessage } from './verify-message.js';

const nowMs = 1_800_000_000_000;
const update = encodeMessage(buildUpdate({ id: 4711, zone: 'corp.test', changes: [{ kind: 'remove-name', name: 'a.corp.test' }] }));
const reply = encodeMessage({ header: requestHeader({ id: 4711, opcode: 5, response: true, rcode: RCODE.NOTAUTH }), questions: [], answers: [], authorities: [], additionals: [] });

const unsignedRecord = (overrides: Partial<TsigRecord>): TsigRecord => ({
  keyName: fixedKey.name,
  algorithm: fixedKey.algorithm,
  timeSigned: nowMs / SECOND_MS,
  fudgeSeconds: FUDGE_SECONDS,
  mac: Buffer.alloc(0),
  originalId: 4711,
  error: 0,
  other: Buffer.alloc(0),
  ...overrides,
});

describe('a signature of nsupdate', () => {
  it('is verified', () => {
    const { message } = verifyMessage(NSUPDATE_REQUEST, { key: fixedKey, nowMs: NSUPDATE_SIGNED_MS });
    expect(message.authorities).toHaveLength(5);
    expect(message.additionals).toEqual([]);
  });

  it('is what we would have made of the same message, to the byte', () => {
    const { unsigned, tsig } = detachTsig(NSUPDATE_REQUEST, NSUPDATE_REQUEST.lastIndexOf('\x09registrar', undefined, 'latin1'));
    expect(unsigned.readUInt16BE(10)).toBe(0);
    expect(attachTsig(unsigned, tsig).equals(NSUPDATE_REQUEST)).toBe(true);
    expect(signMessage(unsigned, { key: fixedKey, nowMs: NSUPDATE_SIGNED_MS }).bytes.equals(NSUPDATE_REQUEST)).toBe(true);
  });

  it('is worth nothing after any bit of the message was flipped', () => {
    for (let place = 0; place < NSUPDATE_REQUEST.length * 8; place += 1) {
      const bytes = Buffer.from(NSUPDATE_REQUEST);
      bytes[place >> 3]! ^= 1 << (place & 7);
      // The outer id is not signed (forwarders may change it), and letter case in the key's and algorithm's names is nothing.
      const outcome = outcomeOf(() => verifyMessage(bytes, { key: fixedKey, nowMs: NSUPDATE_SIGNED_MS }));
      if (isDnsFailure(outcome)) {
        expect(['malformed', 'tsig-unverified']).toContain(outcome.kind);
      } else {
        const caseOnly = bytes.toString('latin1').toLowerCase() === NSUPDATE_REQUEST.toString('latin1').toLowerCase();
        expect({ place, harmless: place < 16 || caseOnly }).toEqual({ place, harmless: true });
      }
    }
  });
});

describe('a signature', () => {
  it.each(Object.keys(TSIG_ALGORITHMS))('with %s is verified, and is one of its length', (algorithm) => {
    const key = createTsigKey({ name: 'other-key', algorithm, secretBase64: FIXED_SECRET });
    fc.assert(
      fc.property(anyMessage, (message) => {
        const { bytes, mac } = signMessage(encodeMessage(message), { key, nowMs });
        expect(mac).toHaveLength(TSIG_ALGORITHMS[key.algorithm].macBytes);
        expect(verifyMessage(bytes, { key, nowMs }).message).toEqual(message);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused with another secret, another key of the same secret, or another algorithm', () => {
    const { bytes } = signMessage(update, { key: fixedKey, nowMs });
    const others = [
      { name: 'registrar', algorithm: 'hmac-sha256', secretBase64: Buffer.alloc(32).toString('base64') },
      { name: 'registrar-2', algorithm: 'hmac-sha256', secretBase64: FIXED_SECRET },
      { name: 'registrar', algorithm: 'hmac-sha512', secretBase64: FIXED_SECRET },
    ].map(createTsigKey);
    for (const key of others) expect(failureIn(() => verifyMessage(bytes, { key, nowMs })).kind).toBe('tsig-unverified');
  });

  it('holds for the fudge, forwards and backwards, and no longer', () => {
    const { bytes } = signMessage(update, { key: fixedKey, nowMs });
    const at = (seconds: number) => () => verifyMessage(bytes, { key: fixedKey, nowMs: nowMs + seconds * SECOND_MS });
    for (const seconds of [-300, 0, 300]) expect(at(seconds)).not.toThrow();
    for (const seconds of [-301, 301]) expect(failureIn(at(seconds)).kind).toBe('tsig-unverified');
  });

  it('is refused when there is none, two, a shortened one, or one that is not last', () => {
    const verify = (bytes: Uint8Array) => failureIn(() => verifyMessage(bytes, { key: fixedKey, nowMs })).kind;
    const { bytes, mac } = signMessage(update, { key: fixedKey, nowMs });
    expect(verify(update)).toBe('tsig-unverified');
    expect(verify(signMessage(bytes, { key: fixedKey, nowMs }).bytes)).toBe('malformed');
    expect(verify(attachTsig(update, unsignedRecord({ mac: mac.subarray(0, 16) })))).toBe('tsig-unverified');
    expect(verify(attachTsig(update, unsignedRecord({})))).toBe('tsig-unverified');
    const unsignedAddition = Buffer.concat([bytes, Buffer.from('00' + '0001' + '0001' + '00000000' + '0004' + '7f000001', 'hex')]);
    unsignedAddition.writeUInt16BE(2, 10);
    expect(verify(unsignedAddition)).toBe('tsig-unverified');
  });

  it('of a reply answers one request and no other', () => {
    const request = signMessage(update, { key: fixedKey, nowMs });
    const { bytes } = signMessage(reply, { key: fixedKey, nowMs, requestMac: request.mac });
    expect(verifyMessage(bytes, { key: fixedKey, nowMs, requestMac: request.mac }).message.header.rcode).toBe(RCODE.NOTAUTH);
    const otherMac = signMessage(update, { key: fixedKey, nowMs: nowMs + SECOND_MS }).mac;
    expect(failureIn(() => verifyMessage(bytes, { key: fixedKey, nowMs, requestMac: otherMac })).kind).toBe('tsig-unverified');
    expect(failureIn(() => verifyMessage(bytes, { key: fixedKey, nowMs })).kind).toBe('tsig-unverified');
  });
});

describe('a reply that says that our signature is bad', () => {
  const { mac: requestMac } = signMessage(update, { key: fixedKey, nowMs });
  const verify = (bytes: Uint8Array) => failureIn(() => verifyMessage(bytes, { key: fixedKey, nowMs, requestMac }));

  it.each([
    [TSIG_ERROR.BADKEY, 'tsig-bad-key'],
    [TSIG_ERROR.BADSIG, 'tsig-bad-signature'],
    [TSIG_ERROR.BADTRUNC, 'tsig-bad-truncation'],
  ])('with error %i is %s, and not authenticated', (error, kind) => {
    expect(verify(attachTsig(reply, unsignedRecord({ error })))).toMatchObject({ kind, rcode: 'NOTAUTH', authenticated: false });
    // With a MAC it is a signature like any other, and this one is wrong.
    expect(verify(attachTsig(reply, unsignedRecord({ error, mac: Buffer.alloc(32) }))).kind).toBe('tsig-unverified');
  });

  it('because of the time is signed, and carries the server’s', () => {
    const other = Buffer.alloc(6);
    other.writeUIntBE(nowMs / SECOND_MS + 1000, 0, 6);
    const signed = signMessage(reply, { key: fixedKey, nowMs, requestMac, error: TSIG_ERROR.BADTIME, other });
    expect(verify(signed.bytes)).toMatchObject({
      kind: 'tsig-bad-time',
      authenticated: true,
      serverTimeMs: nowMs + 1000 * SECOND_MS,
      detail: 'this clock is 1000 s behind the server’s',
    });
    const forged = attachTsig(reply, unsignedRecord({ error: TSIG_ERROR.BADTIME, other }));
    expect(verify(forged).kind).toBe('tsig-unverified');
  });
});

describe('random bytes', () => {
  it('in a TSIG record are refused with a typed error', () => {
    const record = (data: Uint8Array): Buffer => {
      const head = Buffer.from('09726567697374726172' + '00' + '00fa' + '00ff' + '00000000' + '0000', 'hex');
      head.writeUInt16BE(data.length, head.length - 2);
      const bytes = Buffer.concat([update, head, data]);
      bytes.writeUInt16BE(1, 10);
      return bytes;
    };
    expect(record(Buffer.alloc(0)).readUInt16BE(update.length + 11)).toBe(TYPE.TSIG);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (data, isReply) => {
        const failure = failureIn(() => verifyMessage(record(data), { key: fixedKey, nowMs, ...(isReply ? { requestMac: Buffer.alloc(32) } : {}) }));
        expect(['malformed', 'tsig-unverified', 'tsig-bad-key', 'tsig-bad-signature', 'tsig-bad-truncation']).toContain(failure.kind);
      }),
      { numRuns: 2_000 },
    );
  });
});
