#!/usr/bin/env node
/**
 * Checks an audit pack of Muster without Muster: one file, Node's own modules only (Node 20.19 or later). Read it before you run it; the format
 * is written down in docs/audit-pack.md. It is written a second time from that description, and shares no code with the program that it checks.
 */
import { Buffer } from 'node:buffer';
import { createPublicKey, hash, verify } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs, TextDecoder } from 'node:util';

const FORMAT = 'muster-audit-pack/1';
const FOUND = 8; // the pack contradicts itself or a signature
const UNUSABLE = 2; // nothing could be said: wrong arguments, or not a pack
const LINE_BYTES_MAX = 4 * 1024 * 1024; // a commit has at most 1 MiB, base64 makes a third more of it
const MANIFEST_BYTES_MAX = 1024 * 1024;
const NOTES_MAX = 20;
const KEPT_MAX = 100_000; // checkpoints and leases are kept in memory until their position comes: about 20 MB
const PROGRESS_EVERY_MS = 2000;

const USAGE = `usage: node verify-muster-pack.mjs [options] <directory of a pack | - for a stream>
       node verify-muster-pack.mjs [options] --event FILE <proof that this one event was recorded>

Whom to believe, at least one:
  --vendor-root FILE    the vendor's public root key (JWK): host certificates in the pack must lead to it
  --key KEY             a key for checkpoints that you have from elsewhere: <name>+<id>+<base64> (may be repeated)
  --trust-pack-keys     the keys that the pack itself names: this shows only that the pack agrees with itself
What else you hold:
  --checkpoint FILE     a checkpoint that you kept, or lines of {"note": …} (may be repeated)
  --lease FILE          leases and receipts that machines kept, one a line; needs --vendor-root (may be repeated)
  --origin ORIGIN       the only ledger that you want to hear of
  --organisation NAME   the only one whose hosts are believed: every customer of a vendor has a certificate that leads to its root
For the proof of one event:
  --event FILE          its line of events.ndjson
  --certificates FILE   certificates.ndjson of a pack; needed with --vendor-root
Output:
  --json                the report as JSON          --quiet   no progress on standard error

exit: 0 everything holds · 8 something does not (the first bad position is printed) · 2 nothing could be checked`;

/** Something that does not hold: `position` is the first bad one, or the first of those up to `until` among which it lies. */
class Finding extends Error {
  constructor(kind, position, detail, until = position) {
    super(detail);
    Object.assign(this, { kind, position, detail, until });
  }
}
class Unusable extends Error {}

const unusable = (why) => {
  throw new Unusable(why);
};

// --- Hashes ---------------------------------------------------------------------------------------------------------

const HASH_BYTES = 32;
const U32_MAX = 0xffffffff;
const ABSENT = U32_MAX;
const EMPTY_ROOT = hash('sha256', '', 'base64url');

let leafBytes = Buffer.alloc(64 * 1024);
const u64 = (value, at) => leafBytes.writeBigUInt64BE(BigInt(value), leafBytes.writeUInt32BE(8, at));
const text = (value, at) => {
  const end = at + 4 + leafBytes.write(value, at + 4, 'utf8');
  leafBytes.writeUInt32BE(end - at - 4, at);
  return end;
};

/** SHA-256 over 0x00 and nine fields, each behind its length (u32, big endian); an absent one is the length 0xFFFFFFFF. Base64url. */
const leafHashOf = ({ ledger, position, recordedAtMs, type, version, actor, requestId, causationId, body }) => {
  const needed = 128 + 3 * (ledger.length + type.length + actor.length + (requestId?.length ?? 0)) + body.length;
  if (leafBytes.length < needed) leafBytes = Buffer.alloc(needed * 2);
  leafBytes[0] = 0x00;
  let at = text(ledger, 1);
  at = u64(position, at);
  at = u64(recordedAtMs, at);
  at = text(type, at);
  at = leafBytes.writeUInt32BE(version, leafBytes.writeUInt32BE(4, at));
  at = text(actor, at);
  at = requestId === undefined ? leafBytes.writeUInt32BE(ABSENT, at) : text(requestId, at);
  at = causationId === undefined ? leafBytes.writeUInt32BE(ABSENT, at) : u64(causationId, at);
  at = leafBytes.writeUInt32BE(body.length, at);
  body.copy(leafBytes, at);
  return hash('sha256', leafBytes.subarray(0, at + body.length), 'base64url');
};

const hashPair = (prefix, left, right) => Buffer.from(hash('sha256', Buffer.concat([Buffer.of(prefix), left, right]), 'binary'), 'binary');
const nodeHash = (left, right) => hashPair(0x01, left, right); // RFC 9162 section 2.1.1
const runningHash = (before, leaf) => hashPair(0x02, before, leaf);

/** The complete subtrees of a tree that only grows, the largest first: RFC 9162 section 2.1.2. */
const growingTree = (size, subtrees) => {
  const stack = [...subtrees];
  let leaves = size;
  return {
    append(leaf) {
      let node = leaf;
      for (let rest = leaves; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(stack.pop(), node);
      stack.push(node);
      leaves += 1;
    },
    root: () => (leaves === 0 ? EMPTY_ROOT : stack.reduceRight((right, left) => nodeHash(left, right)).toString('base64url')),
  };
};

/** Whether the leaf stands there in the tree with that root: RFC 9162 section 2.1.3.2. */
const isIncluded = ({ index, size, leaf, proof, root }) => {
  if (index >= size) return false;
  let [place, last, node] = [index, size - 1, leaf];
  for (const beside of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      node = nodeHash(beside, node);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      node = nodeHash(node, beside);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && node.toString('base64url') === root;
};

const binaryOnes = (size) => size.toString(2).replaceAll('0', '').length;

// --- Signatures -----------------------------------------------------------------------------------------------------

const bytesOf = (encoded, encoding, length) => {
  const bytes = typeof encoded === 'string' ? Buffer.from(encoded, encoding) : undefined;
  // One spelling only: lenient decoding would pass over a change.
  return bytes?.toString(encoding) === encoded && (length === undefined || bytes.length === length) ? bytes : undefined;
};

const ed25519 = (x, message, signature) => verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature);
const thumbprintOf = (x) => hash('sha256', `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`, 'base64url');
const isPublicJwk = (jwk) => jwk?.kty === 'OKP' && jwk.crv === 'Ed25519' && jwk.d === undefined && bytesOf(jwk.x, 'base64url', HASH_BYTES) !== undefined;

const parseJson = (bytes) => {
  try {
    return JSON.parse(bytes);
  } catch {
    return undefined;
  }
};

const splitToken = (token) => {
  const parts = String(token).split('.');
  const [header, payload, signature] = parts.map((part) => bytesOf(part, 'base64url'));
  const claims = payload && parseJson(payload);
  if (parts.length !== 3 || !header || !signature || typeof claims !== 'object' || claims === null) throw new Error('it is no token');
  return { header: parseJson(header), claims, signature, signed: Buffer.from(`${parts[0]}.${parts[1]}`) };
};

/** The claims of a token that `x` signed as what `typ` says. Throws with the reason where it did not. */
const verifyToken = (token, typ, x) => {
  const { header, claims, signature, signed } = splitToken(token);
  if (header?.alg !== 'EdDSA' || header.typ !== typ || Object.keys(header).length !== 3) throw new Error(`it is no ${typ}`);
  if (header.kid !== thumbprintOf(x)) throw new Error('another key signed it');
  if (!ed25519(x, signed, signature)) throw new Error('its signature does not verify');
  return claims;
};

const namesItsKey = ({ sub, cnf }) => isPublicJwk(cnf?.jwk) && sub === thumbprintOf(cnf.jwk.x);

/** A host and all keys that sign for it: vendor's root → [intermediate →] host certificate → [word of the host key →] signing key. */
const verifyHost = ({ certificate, intermediate, signingKeys = [] }, rootX) => {
  let signer = rootX;
  let above;
  if (intermediate !== undefined) {
    above = verifyToken(intermediate, 'muster-intermediate-certificate+jwt', rootX);
    if (!namesItsKey(above)) throw new Error('the intermediate does not name its key');
    signer = above.cnf.jwk.x;
  }
  const host = verifyToken(certificate, 'muster-host-certificate+jwt', signer);
  if (!namesItsKey(host)) throw new Error('the certificate does not name its key');
  if (above && (above.iss !== host.iss || host.iat < above.nbf || host.iat >= above.exp || host.exp > above.exp)) throw new Error('the intermediate may not sign it');
  const { x } = host.cnf.jwk;
  const others = signingKeys.map((word) => {
    const key = verifyToken(word, 'muster-signing-key+jwt', x);
    if (key.iss !== host.sub || !namesItsKey(key)) throw new Error('a signing key is not the word of this host');
    return key.cnf.jwk.x;
  });
  return { host: host.sub, organisation: host.organisation, vendor: host.iss, environment: host.environment, keys: [x, ...others] };
};

const NOTE_KEY = 0x01;
const keyIdOf = (name, publicKey) => hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(NOTE_KEY), publicKey]), 'hex').slice(0, 8);
const noteKey = (name, publicKey) => ({ name, id: keyIdOf(name, publicKey), x: publicKey.toString('base64url') });

/** `<name>+<id>+<base64>` (C2SP signed-note). */
const parseVerifierKey = (vkey) => {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/u.exec(vkey) ?? [];
  const bytes = bytesOf(encoded, 'base64', 1 + HASH_BYTES);
  if (bytes?.[0] !== NOTE_KEY || keyIdOf(name, bytes.subarray(1)) !== id) unusable(`not a verifier key: ${vkey}`);
  return noteKey(name, bytes.subarray(1));
};

/** A checkpoint that one of the keys signed (C2SP tlog-checkpoint). Signatures of others are passed over, a wrong one of a known key is not. */
const openCheckpoint = (note, origin, keys) => {
  const split = typeof note === 'string' && note.endsWith('\n') ? note.lastIndexOf('\n\n') : -1;
  if (split < 0) throw new Error('it is no signed note');
  const signed = note.slice(0, split + 1);
  let signatures = 0;
  for (const line of note.slice(split + 2, -1).split('\n')) {
    const [, name, encoded] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
    const bytes = bytesOf(encoded, 'base64');
    if (!bytes || bytes.length < 5) throw new Error('it is no signed note');
    const key = keys.find((one) => one.name === name && one.id === bytes.toString('hex', 0, 4));
    if (!key) continue;
    if (!ed25519(key.x, Buffer.from(signed), bytes.subarray(4))) throw new Error(`the signature of ${name} (${key.id}) does not verify`);
    signatures += 1;
  }
  if (signatures === 0) throw new Error('nobody who is believed signed it');
  const [from, size, root, ...more] = signed.slice(0, -1).split('\n');
  const rootBytes = bytesOf(root, 'base64', HASH_BYTES);
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !rootBytes || more.includes('')) throw new Error('it is no checkpoint');
  if (from !== origin) throw new Error(`it is of ${from}, not of ${origin}`);
  return { size: Number(size), root: rootBytes.toString('base64url') };
};

// --- The pack -------------------------------------------------------------------------------------------------------

const isPosition = (value, least = 1) => Number.isSafeInteger(value) && value >= least;

const checkManifest = (manifest) => {
  if (manifest?.format !== FORMAT) unusable(`the manifest does not say ${FORMAT}`);
  const { ledger, origin, from, to, before, keys, pseudonymised } = manifest;
  if (typeof ledger !== 'string' || typeof origin !== 'string' || typeof pseudonymised !== 'boolean') unusable('the manifest lacks ledger, origin or pseudonymised');
  if (!origin.endsWith(`/${ledger}`)) unusable(`the origin ${origin} is not of the ledger ${ledger}`);
  if (!isPosition(from) || !isPosition(to, from - 1)) unusable('the manifest has no proper positions');
  const subtrees = Array.isArray(before?.subtrees) ? before.subtrees.map((one) => bytesOf(one, 'base64url', HASH_BYTES)) : [undefined];
  const running = bytesOf(before?.runningHash, 'base64url', HASH_BYTES);
  if (!running || subtrees.includes(undefined) || subtrees.length !== binaryOnes(from - 1)) unusable('the manifest does not say what came before');
  if (from === 1 && !running.equals(Buffer.alloc(HASH_BYTES))) unusable('something came before the first event');
  if (!Array.isArray(keys)) unusable('the manifest names no keys');
  return { ...manifest, before: { running, subtrees } };
};

const MEMBERS = ['specversion', 'id', 'source', 'type', 'time', 'datacontenttype', 'position', 'actor', 'requestid', 'causationid', 'leafhash', 'runninghash'];
const members = { true: new Set([...MEMBERS, 'data']), false: new Set([...MEMBERS, 'data_base64']) };

/** The fields of one line, each of them covered by the leaf hash: what is not may not be there. */
const readEvent = (line, { ledger, pseudonymised }, position) => {
  const bad = (why) => {
    throw new Finding('event', position, why);
  };
  const event = parseJson(line);
  // A member given twice would be read differently by different programs.
  if (typeof event !== 'object' || event === null || JSON.stringify(event) !== line) bad('the line is not JSON in its shortest form');
  for (const name in event) if (!members[pseudonymised].has(name)) bad(`the line has a member ${name}, which no hash covers`);
  if (!isPosition(event.position)) bad('the line has no position');
  if (event.position !== position) throw new Finding('position', position, `position ${position} is expected here, and ${event.position} stands here`);
  const [, type, version] = /^muster\.([A-Za-z0-9]+)\.v([1-9]\d{0,9})$/.exec(event.type) ?? [];
  if (!(version <= U32_MAX)) bad('the type is not muster.<type>.v<version>');
  const recordedAtMs = Date.parse(event.time);
  if (!(recordedAtMs >= 0) || new Date(recordedAtMs).toISOString() !== event.time) bad('the time is not an instant in UTC with milliseconds');
  if (event.specversion !== '1.0' || event.source !== `/ledgers/${ledger}` || event.id !== `${ledger}:${position}` || event.datacontenttype !== 'application/json') bad('it is no event of this ledger');
  // Half a character has no UTF-8: it would be hashed as if it were another.
  if (![event.actor, event.requestid ?? ''].every((one) => typeof one === 'string' && one.isWellFormed())) bad('actor or request id is no text');
  const cause = event.causationid === undefined ? undefined : Number(/:(\d+)$/.exec(event.causationid)?.[1]);
  if (cause !== undefined && (!isPosition(cause) || cause >= position || event.causationid !== `${ledger}:${cause}`)) bad('what caused it is no earlier event');
  const leaf = bytesOf(event.leafhash, 'base64url', HASH_BYTES) ?? bad('it has no leaf hash');
  const fields = { ledger, position, recordedAtMs, type, version: Number(version), actor: event.actor, requestId: event.requestid, causationId: cause };
  if (pseudonymised) return { event, leaf, fields };
  return { event, leaf, fields: { ...fields, body: bytesOf(event.data_base64, 'base64') ?? bad('the body is not base64') } };
};

/** Makes the leaf hash of an event anew. */
const checkLeafHash = ({ event, fields }) => {
  if (leafHashOf(fields) !== event.leafhash) throw new Finding('leaf-hash', fields.position, 'the event is not the one that its leaf hash was made of');
};

/** The hosts that lead to the vendor's root, of one organisation. Their keys are believed under the ledger's name from then on. */
const createHosts = ({ origin, keys, rootX, organisation }) => {
  const hosts = new Map();
  return {
    believe(record) {
      if (rootX === undefined) return;
      const host = verifyHost(record, rootX);
      const [other = host] = hosts.values();
      // Else another customer of the same vendor could sign for this one.
      if (host.organisation !== (organisation ?? other.organisation)) throw new Error(`it is of ${host.organisation}`);
      hosts.set(host.host, host);
      for (const x of host.keys) keys.push(noteKey(origin, Buffer.from(x, 'base64url')));
    },
    get: (host) => hosts.get(host),
    all: () => [...hosts.values()].map(({ host, organisation: of, vendor, environment }) => ({ host, organisation: of, vendor, environment })),
  };
};

/** Everything that is known while the pack is read from front to back; nothing in it grows with the number of events. */
const createCheck = (manifest, { keys, rootX, organisation }) => {
  const tree = growingTree(manifest.from - 1, manifest.before.subtrees);
  const expected = new Map();
  const hosts = createHosts({ origin: manifest.origin, keys, rootX, organisation });
  let position = manifest.from - 1;
  let running = manifest.before.running;
  let runningText = running.toString('base64url');
  let lastMs = 0;
  let waiting = 0;
  const report = { ...{ ledger: manifest.ledger, origin: manifest.origin, from: manifest.from, to: manifest.to }, events: 0, leafHashesRecomputed: 0, checkpoints: 0, leases: 0, signedTo: manifest.from - 1, notes: [] };

  const note = (said) => {
    if (report.notes.length < NOTES_MAX) report.notes.push(said);
    else if (report.notes.length === NOTES_MAX) report.notes.push('and more of the kind');
  };

  const meet = (wanted) => {
    if (wanted.root !== undefined) {
      const root = tree.root();
      if (root !== wanted.root) throw new Finding('root', report.signedTo + 1, `${wanted.source} of ${position} events has another root: among positions ${report.signedTo + 1} to ${position} stands what was not signed`, position);
      report.checkpoints += 1;
      report.signedTo = position;
    } else {
      if (runningText !== wanted.head) throw new Finding('lease', position, `${wanted.source} was given at position ${position} of another history`);
      report.leases += 1;
    }
  };

  const expect = (at, wanted) => {
    if (at === position) return meet(wanted);
    if (at < manifest.from - 1) return note(`${wanted.source}: position ${at} lies before this pack, and was not checked`);
    if (at < position) throw new Finding('checkpoint', at, `${wanted.source} stands behind its place`);
    waiting += 1;
    if (waiting > KEPT_MAX) unusable(`more than ${KEPT_MAX} checkpoints and leases ahead of their events`);
    return expected.set(at, [...(expected.get(at) ?? []), wanted]);
  };

  const meetAll = () => {
    const wanted = expected.get(position);
    if (wanted === undefined) return;
    wanted.forEach(meet);
    expected.delete(position);
    waiting -= wanted.length;
  };

  return {
    get position() {
      return position;
    },
    certificate(record) {
      try {
        hosts.believe(record);
      } catch (error) {
        throw new Finding('certificate', manifest.from, `a host certificate of the pack is not believed: ${error.message}`);
      }
    },
    /** One that was `kept` elsewhere and is not believed says nothing about the pack. */
    checkpoint(signedNote, { source, kept: isKept } = { source: 'the checkpoint', kept: false }) {
      let opened;
      try {
        opened = openCheckpoint(signedNote, manifest.origin, keys);
      } catch (error) {
        if (isKept) unusable(`${source} is not believed: ${error.message}`);
        throw new Finding('checkpoint', report.signedTo + 1, `${source} is not believed: ${error.message}`, manifest.to);
      }
      expect(opened.size, { root: opened.root, source });
    },
    lease(token, source) {
      const { claims } = splitToken(token);
      const host = hosts.get(claims.iss);
      if (host === undefined) return note(`${source}: given by a host that this pack does not name, and not checked`);
      const typ = claims.outcome === undefined ? 'muster-lease+jwt' : 'muster-receipt+jwt';
      const chained = claims.signer === undefined ? host : verifyHost({ certificate: claims.chain[0], intermediate: claims.chain[1], signingKeys: [claims.signer] }, rootX);
      if (chained.host !== claims.iss) throw new Error('its chain is that of another host');
      const x = chained.keys[claims.signer === undefined ? 0 : 1];
      const { position: at, head } = verifyToken(token, typ, x);
      if (!isPosition(at) || bytesOf(head, 'base64url', HASH_BYTES) === undefined) throw new Error('it names no position');
      return at > manifest.to ? note(`${source}: position ${at} lies behind this pack, and was not checked`) : expect(at, { head, source });
    },
    event(line) {
      const { event, leaf, fields } = readEvent(line, manifest, position + 1);
      position += 1;
      if (fields.body !== undefined) {
        checkLeafHash({ event, fields });
        report.leafHashesRecomputed += 1;
      }
      running = runningHash(running, leaf);
      runningText = running.toString('base64url');
      if (runningText !== event.runninghash) throw new Finding('running-hash', position, 'the running hash does not follow from the one before');
      if (fields.recordedAtMs < lastMs) throw new Finding('time', position, 'time runs backwards');
      lastMs = fields.recordedAtMs;
      tree.append(leaf);
      report.events += 1;
      meetAll();
    },
    end() {
      if (position !== manifest.to) throw new Finding(position < manifest.to ? 'truncated' : 'position', position < manifest.to ? position + 1 : manifest.to + 1, `the manifest promises events to ${manifest.to}, and ${position} is the last one`);
      const [ahead] = [...expected.keys()].sort((a, b) => a - b);
      if (ahead !== undefined) throw new Finding('truncated', position + 1, `${expected.get(ahead)[0].source} was signed for ${ahead} events, and ${position} is the last one`, ahead);
      if (report.signedTo !== position || report.checkpoints === 0) throw new Finding('unsigned', report.signedTo + 1, `no checkpoint covers the events from ${report.signedTo + 1} on`, position);
      if (manifest.pseudonymised) report.notes.push('pseudonymised: order and number of the events were checked, not what stands in them');
      return { ...report, root: tree.root(), runningHash: runningText, hosts: hosts.all() };
    },
  };
};

// --- Reading --------------------------------------------------------------------------------------------------------

/** The lines of a stream, in as many at a time as one chunk holds; a line without an end is no line. */
async function* linesOf(stream) {
  let rest = Buffer.alloc(0);
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (bytes) => {
    try {
      return utf8.decode(bytes);
    } catch {
      return unusable('not UTF-8');
    }
  };
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    rest = bytes.subarray(end);
    if (rest.length > LINE_BYTES_MAX) unusable(`a line has more than ${LINE_BYTES_MAX} bytes`);
    if (end > 0) yield decode(bytes.subarray(0, end - 1)).split('\n');
  }
  if (rest.length > 0) unusable('the last line does not end');
}

const CHUNK_BYTES = 256 * 1024; // larger ones cost memory and save nothing
const open = (path) => createReadStream(path, { highWaterMark: CHUNK_BYTES });
const objectOf = (line, where) => {
  const value = parseJson(line);
  return typeof value === 'object' && value !== null ? value : unusable(`${where}: a line is not a JSON object`);
};

async function* recordsIn(path) {
  for await (const lines of linesOf(open(path))) for (const line of lines) yield objectOf(line, path);
}

const parseManifest = (line) => checkManifest(parseJson(line));

/** `begin` makes the check once the manifest is known; `tick` is told of progress. */
const readDirectory = async (path, { begin, ready, tick }) => {
  const file = (name) => join(path, name);
  for (const name of ['manifest.json', 'events.ndjson', 'checkpoints.ndjson']) if (!existsSync(file(name))) unusable(`${path} has no ${name}`);
  const bytes = readFileSync(file('manifest.json'));
  if (bytes.length > MANIFEST_BYTES_MAX) unusable('the manifest is too large');
  const check = begin(parseManifest(bytes));
  if (existsSync(file('certificates.ndjson'))) for await (const record of recordsIn(file('certificates.ndjson'))) check.certificate(record);
  ready(check);
  const checkpoints = recordsIn(file('checkpoints.ndjson'));
  let next;
  let dueAt = 0;
  const take = async () => {
    next = (await checkpoints.next()).value;
    // Where it says that it belongs; what says nothing is due at once, and refused.
    dueAt = next === undefined ? Infinity : Number(String(next.note).split('\n', 2)[1]) || 0;
  };
  await take();
  // Only as many checkpoints are taken from their file as the events have come to: neither file is held in memory.
  const catchUp = async (position) => {
    while (dueAt <= position) {
      check.checkpoint(next.note);
      await take();
    }
  };
  await catchUp(check.position);
  for await (const lines of linesOf(open(file('events.ndjson')))) {
    for (const line of lines) {
      check.event(line);
      if (dueAt <= check.position) await catchUp(check.position);
    }
    tick(check.position);
  }
  await catchUp(Number.MAX_SAFE_INTEGER);
  return check.end();
};

const EVENT_RECORD = '{"event":';

const readStream = async (stream, { begin, ready, tick }) => {
  let check;
  let isReady = false;
  for await (const lines of linesOf(stream)) {
    for (const line of lines) {
      if (check !== undefined && line.startsWith(EVENT_RECORD) && line.endsWith('}')) {
        if (!isReady) ready(check);
        isReady = true;
        check.event(line.slice(EVENT_RECORD.length, -1));
        continue;
      }
      const record = objectOf(line, 'the stream');
      if (check === undefined) check = begin(checkManifest(record.manifest));
      else if (record.certificate !== undefined && !isReady) check.certificate(record.certificate);
      else if (record.checkpoint !== undefined) check.checkpoint(record.checkpoint.note);
      else unusable('the stream has a record in the wrong place');
    }
    if (check !== undefined) tick(check.position);
  }
  if (check === undefined) unusable('the stream is empty');
  if (!isReady) ready(check);
  return check.end();
};

// --- The command ----------------------------------------------------------------------------------------------------

const readText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return unusable(`cannot read ${path}: ${error.code}`);
  }
};

const notesIn = (path) => {
  const content = readText(path);
  if (!content.startsWith('{')) return [content];
  return content.trimEnd().split('\n').map((line) => objectOf(line, path).note);
};

const readRoot = (path) => {
  const jwk = parseJson(readText(path));
  return isPublicJwk(jwk) ? jwk.x : unusable(`${path} is not an Ed25519 public JWK`);
};

const progressTo = (stream) => {
  const began = performance.now();
  let next = began + PROGRESS_EVERY_MS;
  return (position, { from, to }) => {
    const now = performance.now();
    if (now < next) return;
    next = now + PROGRESS_EVERY_MS;
    const perSecond = ((position - from + 1) / (now - began)) * 1000;
    stream.write(`${position.toLocaleString('en')} of ${to.toLocaleString('en')}, ${Math.round(perSecond).toLocaleString('en')} events/s, ${Math.ceil((to - position) / perSecond)} s to go\n`);
  };
};

const readTrust = (options) => {
  const rootX = options['vendor-root'] === undefined ? undefined : readRoot(options['vendor-root']);
  const keys = options.key.map(parseVerifierKey);
  if (rootX === undefined && keys.length === 0 && !options['trust-pack-keys']) unusable('whom should be believed? --vendor-root, --key or --trust-pack-keys is needed');
  if (rootX === undefined && (options.lease.length > 0 || options.organisation !== undefined)) unusable('leases and organisations are verified with --vendor-root');
  return { rootX, keys };
};

const verifyPack = async (path, options, { rootX, keys, stdin }) => {
  const progress = options.quiet ? () => undefined : progressTo(process.stderr);
  let manifest;
  const steps = {
    begin(found) {
      manifest = found;
      if (options.origin !== undefined && options.origin !== manifest.origin) unusable(`the pack is of ${manifest.origin}`);
      for (const { name } of keys) if (name !== manifest.origin) unusable(`the key is of ${name}, the pack of ${manifest.origin}`);
      if (options['trust-pack-keys']) keys.push(...manifest.keys.map(parseVerifierKey));
      return createCheck(manifest, { keys, rootX, organisation: options.organisation });
    },
    ready(check) {
      for (const file of options.checkpoint) for (const note of notesIn(file)) check.checkpoint(note, { source: `the checkpoint in ${file}`, kept: true });
      for (const file of options.lease) {
        for (const [at, token] of readText(file).trimEnd().split('\n').entries()) {
          const source = `the token in ${file}:${at + 1}`;
          try {
            check.lease(token, source);
          } catch (error) {
            if (error instanceof Finding) throw error;
            unusable(`${source} is not believed: ${error.message}`);
          }
        }
      }
    },
    tick: (position) => progress(position, manifest),
  };
  const report = await (path === '-' ? readStream(stdin, steps) : readDirectory(path, steps));
  if (options['trust-pack-keys']) report.notes.push('the keys are those that the pack names itself: whoever made the pack could have made them');
  return report;
};

const PROOF_FORMAT = 'c2sp.org/tlog-proof@v1';

/** That one event stands in a ledger: C2SP tlog-proof, the event's line, and the keys. */
const verifyProof = async (path, options, { rootX, keys }) => {
  const content = readText(path);
  const split = content.indexOf('\n\n');
  const [format, ...lines] = content.slice(0, Math.max(split, 0)).split('\n');
  const [stated, ...encoded] = lines[0]?.startsWith('extra ') ? lines.slice(1) : lines;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(stated)?.[1];
  const proof = encoded.map((line) => bytesOf(line, 'base64', HASH_BYTES));
  if (format !== PROOF_FORMAT || index === undefined || proof.includes(undefined)) unusable(`${path} is no ${PROOF_FORMAT}`);
  const line = readText(options.event).trimEnd();
  const note = content.slice(split + 2);
  const [origin] = note.split('\n', 1);
  if (options.origin !== undefined && options.origin !== origin) unusable(`the proof is of ${origin}`);
  const hosts = createHosts({ origin, keys, rootX, organisation: options.organisation });
  if (options.certificates !== undefined) {
    try {
      for await (const record of recordsIn(options.certificates)) hosts.believe(record);
    } catch (error) {
      unusable(`a host certificate is not believed: ${error.message}`);
    }
  }
  const position = Number(index) + 1;
  const read = readEvent(line, { ledger: origin.slice(origin.lastIndexOf('/') + 1), pseudonymised: false }, position);
  checkLeafHash(read);
  let signed;
  try {
    signed = openCheckpoint(note, origin, keys);
  } catch (error) {
    throw new Finding('checkpoint', position, `the checkpoint is not believed: ${error.message}`);
  }
  if (!isIncluded({ index: Number(index), leaf: read.leaf, proof, ...signed })) throw new Finding('not-included', position, `the event is not the one at that position of the ${signed.size} that were signed`);
  return { origin, position, signedTo: signed.size, root: signed.root, hosts: hosts.all(), notes: [] };
};

const OPTIONS = {
  'vendor-root': { type: 'string' },
  key: { type: 'string', multiple: true, default: [] },
  'trust-pack-keys': { type: 'boolean', default: false },
  checkpoint: { type: 'string', multiple: true, default: [] },
  lease: { type: 'string', multiple: true, default: [] },
  event: { type: 'string' },
  certificates: { type: 'string' },
  origin: { type: 'string' },
  organisation: { type: 'string' },
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

const asText = (outcome) => {
  if (!outcome.ok) return `DOES NOT HOLD at position ${outcome.position}${outcome.until > outcome.position ? ` to ${outcome.until}` : ''} (${outcome.kind}): ${outcome.detail}`;
  const hosts = outcome.hosts.map(({ host, organisation, vendor, environment }) => `\nhost ${host} of ${organisation}, certified by ${vendor} (${environment})`).join('');
  const notes = outcome.notes.map((note) => `\nnote: ${note}`).join('');
  if (outcome.events === undefined) return `HOLDS: the event is number ${outcome.position} of ${outcome.origin}, of which ${outcome.signedTo} were signed${hosts}${notes}`;
  return `HOLDS: ${outcome.origin}, positions ${outcome.from} to ${outcome.to}
${outcome.events} events (${outcome.leafHashesRecomputed} leaf hashes made again), ${outcome.checkpoints} signed checkpoints, ${outcome.leases} leases and receipts
root ${outcome.root} running hash ${outcome.runningHash}${hosts}${notes}`;
};

const readArguments = (argv) => {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return unusable(error.message);
  }
};

/** @returns the exit code */
const main = async (argv, { stdin, stdout, stderr }) => {
  let json = argv.includes('--json');
  try {
    const { values, positionals } = readArguments(argv);
    json = values.json;
    if (values.help) {
      stdout.write(`${USAGE}\n`);
      return 0;
    }
    if (positionals.length !== 1) unusable(`one pack is expected\n\n${USAGE}`);
    const trust = readTrust(values);
    const report = await (values.event === undefined ? verifyPack(positionals[0], values, { ...trust, stdin }) : verifyProof(positionals[0], values, trust));
    const outcome = { ok: true, ...report };
    stdout.write(`${json ? JSON.stringify(outcome) : asText(outcome)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof Finding) {
      const { kind, position, until, detail } = error;
      const outcome = { ok: false, kind, position, until, detail };
      stdout.write(`${json ? JSON.stringify(outcome) : asText(outcome)}\n`);
      return FOUND;
    }
    // Not a word about the pack: an error of the file system, of the arguments, of this program.
    stderr.write(`cannot check: ${error instanceof Unusable || error.code !== undefined ? error.message : error.stack}\n`);
    return UNUSABLE;
  }
};

process.exitCode = await main(process.argv.slice(2), process);
