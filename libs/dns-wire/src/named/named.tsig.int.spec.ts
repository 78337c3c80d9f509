import { namedHere } from '@muster/devstack';
import { SECOND_MS, systemClock } from '@muster/kernel';
import { failureOf } from '../dns-failure.fixture.js';
import { encodeMessage } from '../message/encode-message.js';
import { query } from '../query.js';
import { loopbackServer, type LoopbackServer } from '../transport/loopback-server.fixture.js';
import { tcpAttempt } from '../transport/tcp-attempt.js';
import { signMessage } from '../tsig/sign-message.js';
import { createTsigKey } from '../tsig/tsig-key.js';
import { verifyMessage } from '../tsig/verify-message.js';
import { buildUpdate, type UpdateContent } from '../update/build-update.js';
import { add, clockOffBy, namedScene, remove, srv, ZONE, type NamedScene } from './named.fixture.js';

const programs = namedHere('signatures against a real named');

(programs === undefined ? describe.skip : describe)('a real named and signatures', () => {
  let scene: NamedScene;
  beforeAll(async () => (scene = await namedScene(programs!)));
  afterAll(() => scene?.stop());

  const name = `signed.${ZONE}`;
  const change = [add(name, srv('a.corp.test'))];
  const secretBase64 = Buffer.alloc(32, 7).toString('base64');
  /** Sends bytes as they are and answers the response code, verified. */
  const sendBytes = async (request: Buffer, requestMac: Buffer): Promise<number> => {
    const server = { address: '127.0.0.1', port: scene.named.port };
    const reply = await tcpAttempt<Uint8Array>({ server, request, deadlineMs: performance.now() + 10_000, judge: (answer) => ({ kind: 'accepted', answer }) });
    return verifyMessage(reply, { key: scene.keys.registrar, nowMs: systemClock.nowMs(), requestMac }).message.header.rcode;
  };
  const capture = (content: UpdateContent) => signMessage(encodeMessage(buildUpdate({ id: 99, ...content })), { key: scene.keys.registrar, nowMs: systemClock.nowMs() });

  it('tells a wrong secret', async () => {
    const key = createTsigKey({ name: 'registrar', algorithm: 'hmac-sha256', secretBase64 });
    // Nobody can sign such an answer: it is reported as what it says, and as not authenticated.
    expect(await failureOf(scene.update(change, { key }))).toMatchObject({ kind: 'tsig-bad-signature', rcode: 'NOTAUTH', authenticated: false });
  });

  it.each([
    ['key', { name: 'nobody', algorithm: 'hmac-sha256' }],
    ['algorithm of a known key', { name: 'registrar', algorithm: 'hmac-sha512' }],
  ])('tells an unknown %s', async (_what, parts) => {
    expect(await failureOf(scene.update(change, { key: createTsigKey({ ...parts, secretBase64 }) }))).toMatchObject({ kind: 'tsig-bad-key', rcode: 'NOTAUTH', authenticated: false });
  });

  it('tells a message that was changed on the way', async () => {
    const { bytes, mac } = capture({ zone: ZONE, changes: change });
    bytes[bytes.indexOf('corp', 40)]! ^= 1;
    expect((await failureOf(sendBytes(bytes, mac))).kind).toBe('tsig-bad-signature');
  });

  it.each([-1000, -302, 302])('tells a clock that is %i s off, and the server’s own time', async (seconds) => {
    const failure = await failureOf(scene.update(change, { clock: clockOffBy(seconds) }));
    expect(failure).toMatchObject({ kind: 'tsig-bad-time', rcode: 'NOTAUTH', authenticated: true, outcomeUnknown: false });
    expect(Math.abs(failure.serverTimeMs! - systemClock.nowMs())).toBeLessThan(5 * SECOND_MS);
    expect(failure.detail).toMatch(seconds < 0 ? /behind/ : /ahead of/);
  });

  it.each([-250, 250])('bears a clock that is %i s off', async (seconds) => {
    await scene.update(change, { clock: clockOffBy(seconds) });
  });

  it('signs its answers to signed queries', async () => {
    const signed = await query({ server: { address: '127.0.0.1', port: scene.named.port }, timeoutMs: 10_000, name: ZONE, type: 'SOA', key: scene.keys.registrar });
    expect(signed).toMatchObject({ status: 'found', signed: true, authoritative: true });
  });

  it("tells the server's clock, also to one whose own is off", async () => {
    const way = { server: { address: '127.0.0.1', port: scene.named.port }, timeoutMs: 10_000, name: ZONE, type: 'SOA' } as const;
    const { serverTimeMs } = await query({ ...way, key: scene.keys.registrar, clock: clockOffBy(200) });
    expect(Math.abs((serverTimeMs ?? 0) - systemClock.nowMs())).toBeLessThan(30 * SECOND_MS);
    expect((await query(way)).serverTimeMs).toBeUndefined();
  });

  it('does what a captured update says once more, unless its own effect forbids it', async () => {
    const bare = capture({ zone: ZONE, changes: [add(name, srv('back.corp.test'))] });
    expect(await sendBytes(bare.bytes, bare.mac)).toBe(0);
    await scene.update([remove(name, srv('back.corp.test'))]);
    expect(await sendBytes(bare.bytes, bare.mac)).toBe(0);
    expect(await scene.dig(name, 'SRV')).toContain('back.corp.test'); // it came back

    const owner = `owner.${ZONE}`;
    const epoch = (value: number) => ({ type: 'TXT', strings: [`epoch=${value}`] }) as const;
    await scene.update([add(owner, epoch(1))]);
    const guarded = capture({
      zone: ZONE,
      prerequisites: [{ kind: 'set-equals', name: owner, data: [epoch(1)] }],
      changes: [remove(owner, epoch(1)), add(owner, epoch(2)), add(name, srv('once.corp.test'))],
    });
    expect(await sendBytes(guarded.bytes, guarded.mac)).toBe(0);
    await scene.update([remove(name, srv('once.corp.test')), remove(owner, epoch(2)), add(owner, epoch(3))]);
    expect(await sendBytes(guarded.bytes, guarded.mac)).toBe(8); // NXRRSET
    expect(await scene.dig(name, 'SRV')).not.toContain('once.corp.test');
  });
});

(programs === undefined ? describe.skip : describe)('nsupdate and our signatures', () => {
  let scene: NamedScene;
  let server: LoopbackServer;
  afterEach(async () => {
    server.close();
    await scene.stop();
  });

  /** Has nsupdate send an update to a server of ours, which signs its answer with the key given. */
  const nsupdateAsks = async (answerKey: 'registrar' | 'stranger'): Promise<void> => {
    scene = await namedScene(programs!);
    server = await loopbackServer((request, { answer }) => {
      const nowMs = systemClock.nowMs();
      const { message, mac } = verifyMessage(request, { key: scene.keys.registrar, nowMs });
      const reply = encodeMessage({ ...message, header: { ...message.header, response: true }, answers: [], authorities: [] });
      answer(signMessage(reply, { key: { ...scene.keys[answerKey], name: 'registrar' }, nowMs, requestMac: mac }).bytes);
    });
    await scene.nsupdate('registrar', [`server 127.0.0.1 ${server.server.port}`, `zone ${ZONE}`, `update add a.${ZONE} 60 A 192.0.2.1`]);
  };

  it('agree: it believes an answer signed with its key', () => nsupdateAsks('registrar'));

  it('differ when the answer is signed with another secret', async () => {
    await expect(nsupdateAsks('stranger')).rejects.toThrow(/BADSIG|tsig verify failure/i);
  });
});
