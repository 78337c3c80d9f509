import fc from 'fast-check';
import type { ActivationRequestPayload } from '@muster/contracts';
import { isProblem } from '@muster/kernel';
import { generateKeyPair, holdsEnrolmentToken, isEnrolmentToken, newEnrolmentToken, proveEnrolment, signActivationRequest, verifyActivationRequest } from '../index.js';

const token = newEnrolmentToken();
const machine = generateKeyPair();
const other = generateKeyPair();

const payload: ActivationRequestPayload = { jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a10', iat: 1_767_600_000, product: 'acme.workstation', machine: { hostname: 'ws-01', virtual: false } };

describe('an enrolment token', () => {
  it('is known by its public half, of which its text shows nothing', () => {
    expect(proveEnrolment(token.text, machine.id).token).toBe(token.key);
    expect(token.text).not.toContain(token.key);
    expect(newEnrolmentToken()).not.toEqual(token);
  });

  it('is believed for the machine that the proof was made for, and for no other', () => {
    const proof = proveEnrolment(`  ${token.text}\n`, machine.id);
    expect(holdsEnrolmentToken(proof, machine.id)).toBe(true);
    expect(holdsEnrolmentToken(proof, other.id)).toBe(false);
    expect(holdsEnrolmentToken({ ...proof, token: newEnrolmentToken().key }, machine.id)).toBe(false);
  });

  it.each(['', 'muster_enrol_', 'hello', token.key, `${token.text}A`, token.text.slice(13)])('is told from other text: %s', (text) => {
    expect(isEnrolmentToken(text)).toBe(false);
    expect(() => proveEnrolment(text, machine.id)).toThrow(/^not an enrolment token: muster_enrol_ and 43 characters are expected$/);
  });

  it('is never believed by arbitrary bytes, and never crashes on them', () => {
    const base64url = (size: number) => fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => Buffer.from(bytes).toString('base64url'));
    fc.assert(fc.property(base64url(32), base64url(64), (key, signature) => expect(holdsEnrolmentToken({ token: key, signature }, machine.id)).toBe(false)));
  });
});

describe('a request with a proof of enrolment', () => {
  it('is other content than one without it, or with that of another token', async () => {
    const digestWith = async (enrolment?: ActivationRequestPayload['enrolment']) =>
      (await verifyActivationRequest(await signActivationRequest({ key: machine, payload: { ...payload, ...(enrolment === undefined ? {} : { enrolment }) } }))).contentDigest;
    const digests = [await digestWith(), await digestWith(proveEnrolment(token.text, machine.id)), await digestWith(proveEnrolment(newEnrolmentToken().text, machine.id))];
    expect(new Set(digests).size).toBe(3);
  });

  it('does not carry the token', async () => {
    const jws = await signActivationRequest({ key: machine, payload: { ...payload, enrolment: proveEnrolment(token.text, machine.id) } });
    expect(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()).not.toContain(token.text.slice(13));
  });

  it('is refused when the proof was overheard from another machine', async () => {
    const jws = await signActivationRequest({ key: other, payload: { ...payload, enrolment: proveEnrolment(token.text, machine.id) } });
    const outcome: unknown = await verifyActivationRequest(jws).catch((error: unknown) => error);
    expect(isProblem(outcome, 'enrolment-not-valid')).toBe(true);
  });
});
