/**
 * What a signature costs: this library beside bare node:crypto and beside jose, in interleaved rounds of one run.
 * Run after a build: node libs/trust/bench/verify.bench.mjs [operations per round]
 */
import { Buffer } from 'node:buffer';
import console from 'node:console';
import { createPublicKey, sign, verify } from 'node:crypto';
import { availableParallelism, cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { promisify } from 'node:util';
import {
  createDevelopmentVendor,
  developmentHostCertificate,
  generateKeyPair,
  issueIntermediateCertificate,
  signActivationRequest,
  signLease,
  signSigningKey,
  verifyActivationRequest,
  verifyLease,
} from '@muster/trust';
import { compactVerify, EmbeddedJWK } from 'jose';

const OPERATIONS = Number(process.argv[2] ?? 5_000);
const ROUNDS = 5;
const IN_FLIGHT = 64;
const KEYS = 200;

const verifyAsync = promisify(verify);
const signAsync = promisify(sign);

const payload = { jti: '6a1f9c3e-0b5d-4d0e-9a55-2f1f6c0e8a10', iat: 1_767_600_000, product: 'acme.workstation', machine: { hostname: 'ws-01', virtual: false } };
const samples = await Promise.all(
  Array.from({ length: KEYS }, async () => {
    const key = generateKeyPair();
    const token = await signActivationRequest({ key, payload });
    const [header, body, signature] = token.split('.');
    return { key, token, signed: Buffer.from(`${header}.${body}`), signature: Buffer.from(signature, 'base64url'), publicKey: createPublicKey(key.privateKey) };
  }),
);

const host = generateKeyPair();
const id = host.id;
const claims = {
  iss: id, sub: id, aud: 'acme.workstation', iat: 1, exp: 2, jti: payload.jti, count: 25, threshold: 25, position: 51, head: id, cnf: { jkt: id },
  chain: [`e30.${'A'.repeat(1_600)}.AA`],
};
const leaseBytes = Buffer.from((await signLease(claims, host)).split('.').slice(0, 2).join('.'));

/** A lease of the shortest chain, and one of the longest: an intermediate, and a key that the host vouches for. */
const nowMs = Date.UTC(2026, 0, 5, 8);
const iat = nowMs / 1_000;
const { rootKey, hostKey, certificate } = await createDevelopmentVendor({ nowMs });
const [intermediateKey, signingKey] = [generateKeyPair(), generateKeyPair()];
const intermediate = await issueIntermediateCertificate({
  claims: { iss: certificate.claims.iss, sub: intermediateKey.id, jti: payload.jti, iat, nbf: iat, exp: certificate.claims.exp, cnf: { jwk: intermediateKey.publicJwk } },
  rootKey,
});
const chained = await developmentHostCertificate({ vendorKey: intermediateKey, hostPublicKey: hostKey.publicJwk, nowMs });
const granted = { ...claims, iss: hostKey.id, iat, exp: iat + 86_400 };
const shortLease = await signLease({ ...granted, chain: [certificate.jws] }, hostKey);
const longClaims = { ...granted, signer: await signSigningKey({ hostKey, publicKey: signingKey.publicJwk, iat }), chain: [chained.jws, intermediate] };
const longLease = await signLease(longClaims, signingKey);
const pinned = { root: rootKey.publicJwk, atMs: nowMs };

const contenders = {
  'verify: bare, key ready, synchronous': ({ signed, publicKey, signature }) => verify(null, signed, publicKey, signature),
  'verify: bare, key from JWK, in threads': ({ signed, key, signature }) => verifyAsync(null, signed, createPublicKey({ key: key.publicJwk, format: 'jwk' }), signature),
  'verify: verifyActivationRequest': ({ token }) => verifyActivationRequest(token),
  'verify: jose compactVerify': ({ token }) => compactVerify(token, EmbeddedJWK, { algorithms: ['EdDSA'] }),
  'sign: bare, synchronous': () => sign(null, leaseBytes, host.privateKey),
  'sign: bare, in threads': () => signAsync(null, leaseBytes, host.privateKey),
  'sign: signLease': () => signLease(claims, host),
  'sign: signLease, the longest chain': () => signLease(longClaims, signingKey),
  'verify: verifyLease, the shortest chain': () => verifyLease(shortLease, pinned),
  'verify: verifyLease, the longest chain': () => verifyLease(longLease, pinned),
};

const measure = async (operation) => {
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < OPERATIONS) await operation(samples[next++ % KEYS]);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const elapsedMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: (OPERATIONS / elapsedMs) * 1_000, cpuMicros: (user + system) / OPERATIONS };
};

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (const operation of Object.values(contenders)) await measure(operation);
for (let round = 0; round < ROUNDS; round += 1) for (const [name, operation] of Object.entries(contenders)) results[name].push(await measure(operation));

console.log(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}, ${IN_FLIGHT} in flight, median of ${ROUNDS} rounds of ${OPERATIONS}`);
for (const [name, rounds] of Object.entries(results)) {
  const perSecond = Math.round(median(rounds.map((round) => round.perSecond)));
  const cpu = median(rounds.map((round) => round.cpuMicros)).toFixed(1);
  console.log(`${name.padEnd(42)} ${String(perSecond).padStart(7)} /s ${cpu.padStart(7)} µs of processor`);
}
