import { readFileSync } from 'node:fs';
import { encodeBody } from '@muster/contracts';
import { leafHash } from '@muster/event-store';
import { aHostCertificate, aKey, anEvent } from '@muster/testing';
import { signLease } from '@muster/trust';
import { formatVerifierKey, noteKeyOfSigner } from '../notes/note-key.js';
import { addCosignature } from '../notes/signed-note.js';
import { formatTlogProof } from '../notes/tlog-proof.js';
import { inclusionProof } from '../tiles/proofs.js';
import { treeOf } from '../tiles/tree-of.fixture.js';
import { packCheckpoint, packEvent, packHost, packPseudonymousEvent } from './audit-pack.js';
import type { PackParts } from './pack.fixture.js';
import { certificate, factsOf, hostKey, noteAt, ORIGIN, packOf, sealed, signer, signingKey, streamOf, VERIFIER, verifyBeside, verifyPack, verifyStream } from './pack.fixture.js';

const COUNT = 300;
const facts = factsOf(COUNT);
const events = sealed(facts);
const pack = packOf(events, { checkpointsAt: [100, 200, 300] });
const vkey = formatVerifierKey(noteKeyOfSigner(signer));

const edit = (line: string, changes: Readonly<Record<string, unknown>>): string => JSON.stringify({ ...(JSON.parse(line) as object), ...changes });
const swapped = <T>(all: readonly T[], a: number, b: number): readonly T[] => all.with(a, all[b]!).with(b, all[a]!);
const otherBody = encodeBody(anEvent('ActivationDeferred', { machine: aKey('nobody').id }));

describe('the verifier', () => {
  it('is one file that needs nothing but Node', () => {
    const source = readFileSync(VERIFIER, 'utf8');
    const modules = [...source.matchAll(/^import .* from '([^']+)';$/gm)].map(([, name]) => name!);
    expect(modules.filter((name) => !name.startsWith('node:'))).toEqual([]);
    expect(modules.length).toBeGreaterThan(0);
    expect(source.match(/\b(import|require)\s*\(|^export /m)).toBeNull();
  });

  it('says what it is asked', () => {
    expect(verifyBeside({}, ['--help'])).toMatchObject({ code: 0, text: expect.stringContaining('exit: 0 everything holds') as string });
    expect(verifyBeside({}, [])).toMatchObject({ code: 2, stderr: expect.stringContaining('one pack is expected') as string });
  });
});

describe('a pack that nobody touched', () => {
  const holds = { ok: true, from: 1, to: COUNT, events: COUNT, leafHashesRecomputed: COUNT, checkpoints: 3, signedTo: COUNT, runningHash: Buffer.from(events.at(-1)!.runningHash).toString('base64url') };

  it('holds, under keys that lead to the vendor', () => {
    const { code, report } = verifyPack(pack);
    expect(report).toMatchObject({ ...holds, hosts: [{ host: hostKey.id, environment: 'development' }], notes: [] });
    expect(code).toBe(0);
  });

  it('holds as a stream', () => {
    expect(verifyStream(streamOf(pack), ['--key', vkey])).toMatchObject({ code: 0, report: holds });
  });

  it('holds under a key from elsewhere, and says so where its own keys were believed', () => {
    expect(verifyPack(pack, { args: ['--key', vkey] })).toMatchObject({ code: 0, report: { ...holds, notes: [] } });
    expect(verifyPack(pack, { args: ['--trust-pack-keys'] }).report.notes).toHaveLength(1);
  });

  it('holds from any position on', () => {
    const late = packOf(events, { from: 138, checkpointsAt: [100, 150, 300] });
    expect(verifyPack(late)).toMatchObject({ code: 0, report: { from: 138, events: 163, checkpoints: 2, notes: ['the checkpoint: position 100 lies before this pack, and was not checked'] } });
    expect(verifyPack(packOf(events, { from: 257 })).code).toBe(0);
    expect(verifyPack(packOf(events, { from: 301 })).code).toBe(0);
  });

  it('holds with the cosignatures of witnesses', () => {
    const note = addCosignature(noteAt(events, COUNT), { signer: { name: 'witness.example/w1', privateKey: aKey('witness').privateKey }, timeSeconds: 1 });
    expect(verifyPack({ ...pack, checkpoints: [packCheckpoint(note)] }).code).toBe(0);
  });

  it('may hide whose machines they are, and is told from one that does not', () => {
    const key = Buffer.alloc(32, 1);
    const hidden: PackParts = { ...pack, manifest: { ...pack.manifest, pseudonymised: true }, events: events.map((event) => packPseudonymousEvent(event, { key })) };
    const { code, report } = verifyPack(hidden);
    expect({ code, recomputed: report.leafHashesRecomputed, checkpoints: report.checkpoints }).toEqual({ code: 0, recomputed: 0, checkpoints: 3 });
    const written = JSON.stringify(hidden.events);
    expect(facts.filter(({ columns }) => columns.machine !== null && written.includes(columns.machine))).toEqual([]);
    expect(verifyPack({ ...hidden, events: swapped(hidden.events, 10, 12) })).toMatchObject({ code: 8, report: { position: 11 } });
    expect(verifyPack({ ...hidden, manifest: pack.manifest })).toMatchObject({ code: 8, report: { kind: 'event', position: 1 } });
  });

  it('has the leaf hashes that the event store has frozen', () => {
    const body = Buffer.from('{"pool":"acme","retryAfterSeconds":7200}');
    const header = { ledger: 'acme', position: 1, recordedAtMs: 1_795_334_400_123, type: 'ActivationDeferred', version: 1, actor: 'machine:ü€😀', requestId: '', causationId: null, body };
    const [only] = sealed([{ ...header, columns: facts[0]!.columns }]);
    expect(only!.leafHash).toEqual(leafHash(header));
    expect(verifyPack(packOf([only!])).code).toBe(0);
  });
});

describe('tampering with a pack', () => {
  const recomputed = sealed(facts.with(149, { ...facts[149]!, body: otherBody }));
  const catalogue: readonly (readonly [string, Partial<PackParts>, Readonly<Record<string, unknown>>])[] = [
    ['a body edited', { events: pack.events.with(149, edit(pack.events[149]!, { data_base64: otherBody.toString('base64') })) }, { kind: 'leaf-hash', position: 150 }],
    ['a body edited, and its leaf hash', { events: pack.events.with(149, edit(packEvent(recomputed[149]!), { runninghash: (JSON.parse(pack.events[149]!) as { runninghash: string }).runninghash })) }, { kind: 'running-hash', position: 150 }],
    ['a body edited, and both its hashes', { events: pack.events.with(149, packEvent(recomputed[149]!)) }, { kind: 'running-hash', position: 151 }],
    ['everything hashed anew', { events: recomputed.map(packEvent) }, { kind: 'root', position: 101, until: 200 }],
    ['the actor edited', { events: pack.events.with(7, edit(pack.events[7]!, { actor: 'operator:x' })) }, { kind: 'leaf-hash', position: 8 }],
    ['the time edited', { events: pack.events.with(7, edit(pack.events[7]!, { time: '2030-01-01T00:00:00.000Z' })) }, { kind: 'leaf-hash', position: 8 }],
    ['the type edited', { events: pack.events.with(1, edit(pack.events[1]!, { type: 'muster.ActivationGranted.v1' })) }, { kind: 'leaf-hash', position: 2 }],
    ['the cause edited', { events: pack.events.with(7, edit(pack.events[7]!, { causationid: 'acme:5' })) }, { kind: 'leaf-hash', position: 8 }],
    ['the request id left out', { events: pack.events.with(6, JSON.stringify({ ...(JSON.parse(pack.events[6]!) as object), requestid: undefined })) }, { kind: 'leaf-hash', position: 7 }],
    ['two events swapped', { events: swapped(pack.events, 20, 22) }, { kind: 'position', position: 21 }],
    ['two events swapped, and their positions', { events: swapped(pack.events, 20, 22).map((line, index) => edit(line, { position: index + 1, id: `acme:${index + 1}` })) }, { kind: 'leaf-hash', position: 21 }],
    ['an event put in twice', { events: pack.events.toSpliced(50, 0, pack.events[49]!) }, { kind: 'position', position: 51 }],
    ['an event put in, and all hashed anew', { events: sealed(facts.toSpliced(50, 0, facts[50]!)).slice(0, COUNT).map(packEvent) }, { kind: 'root', position: 1, until: 100 }],
    ['an event left out', { events: pack.events.toSpliced(50, 1) }, { kind: 'position', position: 51 }],
    ['an event left out, and all hashed anew', { events: sealed(facts.toSpliced(250, 1).map((fact, index) => (index < 250 ? fact : { ...fact, causationId: null }))).map(packEvent), manifest: { ...pack.manifest, to: 299 } }, { kind: 'truncated', position: 300, until: 300 }],
    ['an event left out carelessly, so that the next is its own cause', { events: sealed(facts.toSpliced(250, 1)).map(packEvent) }, { kind: 'event', position: 251 }],
    ['the tail cut off', { events: pack.events.slice(0, 290) }, { kind: 'truncated', position: 291 }],
    ['the tail cut off, and the manifest edited', { events: pack.events.slice(0, 290), manifest: { ...pack.manifest, to: 290 } }, { kind: 'truncated', position: 291, until: 300 }],
    ['the tail cut off, with the manifest and its checkpoint', { events: pack.events.slice(0, 290), manifest: { ...pack.manifest, to: 290 }, checkpoints: pack.checkpoints.slice(0, 2) }, { kind: 'unsigned', position: 201 }],
    ['more events than the manifest says', { events: [...pack.events, pack.events[0]!] }, { kind: 'position', position: 301 }],
    ['no checkpoint', { checkpoints: [] }, { kind: 'unsigned', position: 1 }],
    ['a checkpoint edited', { checkpoints: [packCheckpoint(noteAt(events, COUNT).replace(/\n300\n/, '\n299\n'))] }, { kind: 'checkpoint', position: 1 }],
    ['the checkpoint of a stranger', { checkpoints: [packCheckpoint(noteAt(events, COUNT, { name: ORIGIN, privateKey: aKey('stranger').privateKey }))] }, { kind: 'checkpoint' }],
    ['a member that no hash covers', { events: pack.events.with(3, edit(pack.events[3]!, { subject: 'x' })) }, { kind: 'event', position: 4 }],
    ['a member given twice', { events: pack.events.with(3, pack.events[3]!.replace('"position"', '"actor":"machine:x","position"')) }, { kind: 'event', position: 4 }],
    ['time running backwards', { ...packOf(sealed(facts.with(9, { ...facts[9]!, recordedAtMs: facts[8]!.recordedAtMs - 1 }))) }, { kind: 'time', position: 10 }],
    ['a line of rubbish', { events: pack.events.with(3, 'rubbish') }, { kind: 'event', position: 4 }],
    ['an empty line', { events: pack.events.with(3, '') }, { kind: 'event', position: 4 }],
    ['the beginning moved', packOf(events, { from: 2, checkpointsAt: [1, 300] }), { ok: true }],
    ['another beginning made up', { ...packOf(events, { from: 2 }), manifest: { ...packOf(events, { from: 2 }).manifest, before: packOf(recomputed, { from: 257 }).manifest.before } }, { kind: 'running-hash', position: 2 }],
  ];

  it.each(catalogue)('shows %s', (_, changes, expected) => {
    const { code, report } = verifyPack({ ...pack, ...changes });
    expect(report).toMatchObject(expected);
    expect(code).toBe(expected.ok === true ? 0 : 8);
  });

  it('shows by a checkpoint kept elsewhere what was rewritten and signed anew', () => {
    const forged = packOf(recomputed, { checkpointsAt: [100, 200, 300] });
    expect(verifyPack(forged).code).toBe(0);
    const beside = { 'kept.txt': noteAt(events, 180) };
    const args = ['--vendor-root', '@root.json', '--checkpoint', '@kept.txt'];
    expect(verifyPack(forged, { args, beside })).toMatchObject({ code: 8, report: { kind: 'root', position: 101, until: 180 } });
    expect(verifyPack(pack, { args, beside })).toMatchObject({ code: 0, report: { checkpoints: 4 } });
  });

  it('shows by a checkpoint kept elsewhere a ledger that was rolled back', () => {
    const rolledBack = packOf(events.slice(0, 250));
    const args = ['--vendor-root', '@root.json', '--checkpoint', '@kept.ndjson'];
    expect(verifyPack(rolledBack, { args, beside: { 'kept.ndjson': `${packCheckpoint(noteAt(events, 200))}\n${packCheckpoint(noteAt(events, 300))}\n` } })).toMatchObject({ code: 8, report: { kind: 'truncated', position: 251, until: 300 } });
  });

  it('shows by the lease of a machine a history that was rewritten', async () => {
    const leaseAt = (position: number): Promise<string> =>
      signLease(
        {
          ...{ iss: hostKey.id, sub: aKey('m').id, aud: 'acme.workstation', iat: 1, exp: 2, jti: '00000000-0000-4000-8000-00000000001e', count: 25, threshold: 25, cnf: { jkt: aKey('m').id }, chain: [certificate.jws] },
          ...{ position, head: Buffer.from(events[position - 1]!.runningHash).toString('base64url') },
        },
        hostKey,
      );
    const args = ['--vendor-root', '@root.json', '--lease', '@leases.txt'];
    const beside = { 'leases.txt': `${await leaseAt(120)}\n${await leaseAt(160)}\n` };
    expect(verifyPack(pack, { args, beside })).toMatchObject({ code: 0, report: { leases: 2 } });
    expect(verifyPack(packOf(recomputed, { checkpointsAt: [300] }), { args, beside })).toMatchObject({ code: 8, report: { kind: 'lease', position: 160 } });
    expect(verifyPack(pack, { args, beside: { 'leases.txt': (await leaseAt(120)).replace(/.$/, '') } })).toMatchObject({ code: 2 });
    expect(verifyPack(pack, { args: ['--key', vkey, '--lease', '@leases.txt'], beside })).toMatchObject({ code: 2, stderr: expect.stringContaining('--vendor-root') as string });
  });

  it('shows another customer of the same vendor signing for this one', async () => {
    const other = await aHostCertificate({ organisation: 'other' }, { hostSeed: 'other' });
    const forged = { ...pack, certificates: [packHost({ certificate: other.certificate.jws })], checkpoints: [packCheckpoint(noteAt(events, COUNT, { name: ORIGIN, privateKey: other.hostKey.privateKey }))] };
    const { organisation } = certificate.claims;
    expect(verifyPack(forged)).toMatchObject({ code: 0, report: { hosts: [{ organisation: 'other' }] } });
    expect(verifyPack(forged, { args: ['--vendor-root', '@root.json', '--organisation', organisation] })).toMatchObject({ code: 8, report: { kind: 'certificate' } });
    expect(verifyPack({ ...forged, certificates: [...pack.certificates, ...forged.certificates] })).toMatchObject({ code: 8, report: { kind: 'certificate' } });
    expect(verifyPack(pack, { args: ['--vendor-root', '@root.json', '--organisation', organisation] }).code).toBe(0);
  });

  it('shows a host that another vendor certified', async () => {
    const other = await aHostCertificate({}, { seed: 'other' });
    expect(verifyPack({ ...pack, certificates: [packHost({ certificate: other.certificate.jws })] })).toMatchObject({ code: 8, report: { kind: 'certificate' } });
  });
});

const POSITION = 42;
const noteOfAll = noteAt(events, COUNT);
const proofAt = async (position: number): Promise<string> => {
  const { tiles } = treeOf(events.map((event) => event.leafHash));
  return formatTlogProof({ leafIndex: position - 1, proof: await inclusionProof({ leafIndex: position - 1, treeSize: COUNT }, tiles), note: noteOfAll });
};
const itsLine = pack.events[POSITION - 1]!;
const proofFiles = { 'proof.txt': await proofAt(POSITION), 'event.json': `${itsLine}\n`, 'certificates.ndjson': `${pack.certificates[0]!}\n` };
const proofArgs = ['--key', vkey, '--event', '@event.json', '@proof.txt'];

describe('the proof that one event was recorded', () => {
  it('holds under a key, and under the vendor', () => {
    expect(verifyBeside(proofFiles, proofArgs)).toMatchObject({ code: 0, report: { ok: true, position: POSITION, signedTo: COUNT } });
    expect(verifyBeside(proofFiles, ['--vendor-root', '@root.json', '--certificates', '@certificates.ndjson', ...proofArgs.slice(2)])).toMatchObject({ code: 0, report: { hosts: [{ host: hostKey.id }] } });
  });

  it('does not hold for another event, place, proof or checkpoint', async () => {
    const other = packEvent(sealed(facts.with(POSITION - 1, { ...facts[POSITION - 1]!, body: otherBody }))[POSITION - 1]!);
    const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ 'event.json': edit(itsLine, { data_base64: otherBody.toString('base64') }) }, 'leaf-hash'],
      [{ 'event.json': other }, 'not-included'],
      [{ 'event.json': pack.events[POSITION]! }, 'position'],
      [{ 'proof.txt': (await proofAt(POSITION + 2)).replace(`index ${POSITION + 1}`, `index ${POSITION - 1}`) }, 'not-included'],
      [{ 'proof.txt': proofFiles['proof.txt'].replace('\n300\n', '\n301\n') }, 'checkpoint'],
    ];
    for (const [changes, kind] of cases) expect(verifyBeside({ ...proofFiles, ...changes }, proofArgs)).toMatchObject({ code: 8, report: { kind, position: POSITION } });
    expect(verifyBeside({ ...proofFiles, 'proof.txt': 'hello' }, proofArgs)).toMatchObject({ code: 2, stderr: expect.stringContaining('tlog-proof') as string });
  });
});

describe('what is no pack, or no question', () => {
  it.each<readonly [string, Parameters<typeof verifyPack>, string]>([
    ['nothing to believe', [pack, { args: [] }], 'whom should be believed'],
    ['no such option', [pack, { args: ['--nonsense'] }], 'nonsense'],
    ['no manifest', [{ ...pack, manifest: undefined } as unknown as PackParts], 'no manifest.json'],
    ['no events', [{ manifest: pack.manifest, checkpoints: [] }], 'no events.ndjson'],
    ['another format', [pack, { raw: { 'manifest.json': '{"format":"muster-audit-pack/2"}' } }], 'muster-audit-pack/1'],
    ['the key of another ledger', [pack, { args: ['--key', formatVerifierKey(noteKeyOfSigner({ ...signer, name: 'muster.example/berlin/other' }))] }], 'the key is of'],
    ['another ledger than asked for', [pack, { args: ['--key', vkey, '--origin', 'muster.example/berlin/other'] }], 'the pack is of'],
    ['a kept checkpoint that nobody believed signed', [pack, { args: ['--vendor-root', '@root.json', '--checkpoint', '@kept.txt'], beside: { 'kept.txt': noteAt(events, 1, { name: ORIGIN, privateKey: aKey('stranger').privateKey }) } }], 'is not believed'],
    ['a last line without its end', [pack, { raw: { 'events.ndjson': pack.events.join('\n') } }], 'the last line does not end'],
    ['bytes that are no UTF-8', [pack, { raw: { 'events.ndjson': Buffer.from([0xff, 0x0a]) } }], 'not UTF-8'],
    ['a line without end', [pack, { raw: { 'events.ndjson': Buffer.alloc(5 * 1024 * 1024, 'a') } }], 'more than'],
    ['what came before left out', [{ ...pack, manifest: { ...pack.manifest, from: 4 } }], 'what came before'],
  ])('%s', (_, args, why) => {
    const { code, stderr, report } = verifyPack(...args);
    expect({ code, report }).toEqual({ code: 2, report: {} });
    expect(stderr).toContain(why);
    expect(stderr).not.toContain('    at ');
  });

  it('a stream out of order', () => {
    const good = streamOf(pack).split('\n');
    expect(verifyStream('', ['--key', vkey]).code).toBe(2);
    expect(verifyStream(good.slice(1).join('\n'), ['--key', vkey]).code).toBe(2);
    expect(verifyStream(good.slice(0, 100).join('\n') + '\n', ['--key', vkey])).toMatchObject({ code: 8, report: { kind: 'truncated' } });
    expect(verifyStream(swapped(good, 10, 20).join('\n'), ['--key', vkey])).toMatchObject({ code: 8, report: { kind: 'position' } });
  });

  it('a signing key that no host key vouched for is not believed', () => {
    const bare: readonly string[] = [packHost({ certificate: certificate.jws })];
    expect(verifyPack({ ...pack, certificates: bare })).toMatchObject({ code: 8, report: { kind: 'checkpoint' } });
    expect(signingKey.id).not.toBe(hostKey.id);
  });
});

