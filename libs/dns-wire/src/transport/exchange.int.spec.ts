import { fixedClock } from '@muster/testing';
import { failureOf } from '../dns-failure.fixture.js';
import { RCODE, TSIG_ERROR, TYPE } from '../message/codes.js';
import { decodeMessage } from '../message/decode-message.js';
import { encodeMessage } from '../message/encode-message.js';
import { requestHeader, type DnsMessage, type MessageHeader, type MessageRecord } from '../message/message.js';
import { query } from '../query.js';
import { fixedKey } from '../tsig/nsupdate.fixture.js';
import { signMessage } from '../tsig/sign-message.js';
import { attachTsig } from '../tsig/tsig-record.js';
import { verifyMessage } from '../tsig/verify-message.js';
import { update, type UpdateOptions } from '../update/update.js';
import { exchange, type Protocol } from './exchange.js';
import { loopbackServer, type LoopbackServer, type Script } from './loopback-server.fixture.js';

const SOON_MS = 150; // for what never comes
const LONG_MS = 10_000; // for what comes
const clock = fixedClock(1_800_000_000_000);

const open: LoopbackServer[] = [];
afterEach(() => open.splice(0).forEach(({ close }) => close()));
const serve = async (script: Script): Promise<LoopbackServer> => {
  const server = await loopbackServer(script);
  open.push(server);
  return server;
};

interface Reply {
  readonly header?: Partial<MessageHeader>;
  readonly name?: string;
  readonly answers?: readonly MessageRecord[];
  readonly authorities?: readonly MessageRecord[];
}
const SERVICE = '_muster._tcp.corp.test';
const address = (last: number): MessageRecord => ({ name: SERVICE, typeCode: TYPE.A, classCode: 1, ttlSeconds: 60, data: { type: 'A', address: `192.0.2.${last}` } });
const replyTo = (request: Buffer, { header = {}, name, answers = [], authorities = [] }: Reply = {}): Buffer => {
  const asked: DnsMessage = decodeMessage(request);
  const questions = asked.questions.map((question) => ({ ...question, ...(name === undefined ? {} : { name }) }));
  return encodeMessage({ header: { ...requestHeader(asked.header), response: true, ...header }, questions, answers, authorities, additionals: [] });
};
const ask = ({ server }: LoopbackServer, protocol: Protocol, timeoutMs = LONG_MS) => query({ server, protocol, timeoutMs, name: SERVICE, type: 'A', clock });
const change = ({ server }: LoopbackServer, options: Partial<UpdateOptions> = {}) =>
  update({ server, timeoutMs: LONG_MS, zone: 'corp.test', changes: [{ kind: 'remove-name', name: SERVICE }], key: fixedKey, clock, ...options });

/** Answers a signed request as its server would. */
const signedReply = (request: Buffer, header: Partial<MessageHeader> = {}): Buffer => {
  const { message, mac } = verifyMessage(request, { key: fixedKey, nowMs: clock.nowMs() });
  const plain = encodeMessage({ ...message, header: { ...message.header, response: true, ...header }, answers: [], authorities: [] });
  return signMessage(plain, { key: fixedKey, nowMs: clock.nowMs(), requestMac: mac }).bytes;
};
const withTsigError = (reply: Buffer, error: number): Buffer =>
  attachTsig(reply, { keyName: 'registrar', algorithm: 'hmac-sha256', timeSigned: 0, fudgeSeconds: 300, mac: Buffer.alloc(0), originalId: reply.readUInt16BE(0), error, other: Buffer.alloc(0) });

describe.each<Protocol>(['tcp', 'udp'])('asking over %s', (protocol) => {
  it('takes the answer to its own question and leaves every other', async () => {
    const server = await serve((request, { answer }) => {
      const id = request.readUInt16BE(0);
      answer(replyTo(request, { header: { id: (id + 1) & 0xffff }, answers: [address(66)] })); // a late answer to something earlier
      answer(request); // not even an answer
      answer(Buffer.from([request[0]!]));
      answer(replyTo(request, { header: { opcode: 5 }, answers: [address(66)] }));
      answer(replyTo(request, { answers: [address(1)] }));
    });
    const { status, records, protocol: by } = await ask(server, protocol);
    expect({ status, by, records }).toEqual({ status: 'found', by: protocol, records: [{ name: SERVICE, ttlSeconds: 60, data: { type: 'A', address: '192.0.2.1' } }] });
  });

  it('ends at its deadline when nothing comes', async () => {
    const server = await serve(() => undefined);
    expect(await failureOf(ask(server, protocol, SOON_MS))).toMatchObject({ kind: 'timeout', outcomeUnknown: true });
  });

  it('says at once that nobody listens', async () => {
    const server = await serve(() => undefined);
    server.close();
    open.length = 0;
    expect(await failureOf(ask(server, protocol))).toMatchObject({ kind: 'unreachable', outcomeUnknown: false });
  });

  it('believes no answer that repeats another question', async () => {
    const server = await serve((request, { answer }) => answer(replyTo(request, { name: 'rogue.test', answers: [address(66)] })));
    expect((await failureOf(ask(server, protocol, protocol === 'udp' ? SOON_MS : LONG_MS))).kind).toBe('malformed');
  });

  it('believes no unsigned answer to a signed request', async () => {
    const server = await serve((request, { answer }) => answer(replyTo(request)));
    expect(await failureOf(change(server, { protocol, timeoutMs: protocol === 'udp' ? SOON_MS : LONG_MS }))).toMatchObject({ kind: 'tsig-unverified', outcomeUnknown: true });
  });

  it('knows a signed refusal from an unsigned one', async () => {
    const server = await serve((request, { answer }) => answer(signedReply(request, { rcode: RCODE.REFUSED })));
    expect(await failureOf(change(server, { protocol }))).toMatchObject({ kind: 'refused', rcode: 'REFUSED', authenticated: true, outcomeUnknown: false });
  });
});

describe('over UDP', () => {
  it('asks a query again over TCP when the answer was cut', async () => {
    const server = await serve((request, { protocol, answer }) => answer(replyTo(request, { header: { truncated: protocol === 'udp' }, answers: protocol === 'udp' ? [] : [address(1)] })));
    expect(await ask(server, 'udp')).toMatchObject({ status: 'found', protocol: 'tcp' });
    expect(server.requests).toEqual(['udp', 'tcp']);
  });

  it('never sends an update twice', async () => {
    const server = await serve((request, { answer }) => answer(signedReply(request, { truncated: true })));
    expect(await change(server, { protocol: 'udp' })).toMatchObject({ rcode: 'NOERROR', signed: true });
    expect(server.requests).toEqual(['udp']);
  });

  it('sends what does not fit a datagram over TCP', async () => {
    const server = await serve((request, { answer }) => answer(signedReply(request)));
    await change(server, { protocol: 'udp', changes: [{ kind: 'add', name: SERVICE, ttlSeconds: 60, data: { type: 'TXT', strings: ['a'.repeat(255), 'b'.repeat(255)] } }] });
    expect(server.requests).toEqual(['tcp']);
  });

  it('waits for the true answer behind forged ones', async () => {
    const server = await serve((request, { answer }) => {
      answer(replyTo(request, { header: { rcode: RCODE.REFUSED } }));
      answer(withTsigError(replyTo(request, { header: { rcode: RCODE.NOTAUTH } }), TSIG_ERROR.BADKEY));
      const forged = signedReply(request);
      forged[forged.length - 20]! ^= 1; // in the middle of the MAC
      answer(forged);
      answer(signedReply(request));
    });
    expect(await change(server, { protocol: 'udp' })).toMatchObject({ rcode: 'NOERROR' });
  });

  it('says what it heard when nothing better came', async () => {
    const server = await serve((request, { answer }) => answer(withTsigError(replyTo(request, { header: { rcode: RCODE.NOTAUTH } }), TSIG_ERROR.BADKEY)));
    expect(await failureOf(change(server, { protocol: 'udp', timeoutMs: SOON_MS }))).toMatchObject({ kind: 'tsig-bad-key', authenticated: false });
  });
});

describe('over TCP', () => {
  it('leaves no connection behind, answered or not', async () => {
    const server = await serve((request, { answer }) => server.requests.length === 1 && answer(replyTo(request, { answers: [address(1)] })));
    await ask(server, 'tcp');
    await failureOf(ask(server, 'tcp', SOON_MS));
    await server.quiet();
  });

  it('puts an answer together that comes byte by byte', async () => {
    const server = await serve((request, { raw }) => {
      const bytes = replyTo(request, { answers: [address(1)] });
      for (const byte of [bytes.length >> 8, bytes.length & 0xff, ...bytes]) raw(Buffer.from([byte]));
    });
    expect((await ask(server, 'tcp')).records).toHaveLength(1);
  });

  it('ends at its deadline when the answer stops in the middle', async () => {
    const server = await serve((request, { raw }) => raw(Buffer.concat([Buffer.from([1, 0]), replyTo(request)])));
    expect((await failureOf(ask(server, 'tcp', SOON_MS))).kind).toBe('timeout');
  });

  it('says that the server hung up, and that the update may have been made', async () => {
    const server = await serve((_request, { close }) => close());
    expect(await failureOf(change(server))).toMatchObject({ kind: 'unreachable', outcomeUnknown: true });
  });

  it('refuses an answer that is none', async () => {
    const server = await serve((request, { answer }) => answer(replyTo(request, { answers: [address(1)] }).subarray(0, -1)));
    expect(await failureOf(ask(server, 'tcp'))).toMatchObject({ kind: 'malformed' });
  });
});

describe('an answer', () => {
  const soa = { type: 'SOA', primary: 'ns.test', mailbox: 'a.test', serial: 1, refreshSeconds: 1, retrySeconds: 1, expireSeconds: 1 } as const;
  const absence = (ttlSeconds: number, negativeSeconds: number): MessageRecord => ({ name: 'corp.test', typeCode: TYPE.SOA, classCode: 1, ttlSeconds, data: { ...soa, negativeSeconds } });
  const alias = (name: string, target: string): MessageRecord => ({ name, typeCode: TYPE.CNAME, classCode: 1, ttlSeconds: 60, data: { type: 'CNAME', target } });

  it.each([
    [30, 900],
    [900, 30],
  ])('without records may be remembered for the lesser of the SOA’s TTL, %i s, and its minimum, %i s', async (ttlSeconds, negativeSeconds) => {
    const server = await serve((request, { answer }) => answer(replyTo(request, { header: { rcode: RCODE.NXDOMAIN }, authorities: [absence(ttlSeconds, negativeSeconds)] })));
    expect(await ask(server, 'tcp')).toMatchObject({ status: 'no-name', negativeTtlSeconds: 30 });
  });

  it('holds only what was asked for: no record of another name comes with it', async () => {
    const server = await serve((request, { answer }) => answer(replyTo(request, { answers: [{ ...address(66), name: 'rogue.test' }, address(1)] })));
    expect((await ask(server, 'tcp')).records.map(({ data }) => data.address)).toEqual(['192.0.2.1']);
  });

  it('with aliases in a circle ends', async () => {
    const server = await serve((request, { answer }) => answer(replyTo(request, { answers: [alias(SERVICE, 'b.test'), alias('b.test', SERVICE)] })));
    expect(await ask(server, 'tcp')).toMatchObject({ status: 'no-data', records: [] });
  });
});

describe('a request that cannot be sent', () => {
  it.each([
    ['to a name', { server: { address: 'ns.corp.test', port: 53 }, timeoutMs: 1_000 }],
    ['without a deadline', { server: { address: '127.0.0.1', port: 53 }, timeoutMs: Number.POSITIVE_INFINITY }],
    ['in no time', { server: { address: '127.0.0.1', port: 53 }, timeoutMs: 0 }],
  ])('%s is refused before anything is', async (_what, way) => {
    const message = decodeMessage(Buffer.from('000100000000000000000000', 'hex'));
    expect((await failureOf(exchange({ ...way, message }))).kind).toBe('invalid');
  });
});
