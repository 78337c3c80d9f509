import { randomBytes } from 'node:crypto';
import { hostProofAnswerSchema } from '@muster/contracts';
import type { RevocationListClaims } from '@muster/contracts';
import type { PublicJwk } from '@muster/trust';
import { isRevoked, isTokenRefused, verifyHostProof } from '@muster/trust';
import { z } from 'zod';
import type { HostAddress } from '../core/outcome.js';
import { plainWords } from '../core/plain-words.js';
import { REVOKED } from '../shell/believe-lease.js';
import { leavesOutcomeOpen } from '../shell/judge-reply.js';
import type { Transport } from '../shell/ports.js';

const NONCE_BYTES = 32;

/** Hosts that say of themselves that they cannot serve now: no reason to think them anybody else. */
const IDLE: ReadonlySet<string> = new Set(['host-not-activated', 'host-retired', 'host-revoked', 'host-certificate-not-valid']);

const answerSchema = z.object(hostProofAnswerSchema.shape);

export type Proof =
  | { readonly type: 'proved'; readonly certified: string; readonly organisation: string }
  /** It answers and is no host of this vendor's, or not the one of that name. */
  | { readonly type: 'rogue'; readonly why: string }
  /** It does not answer, or cannot now. */
  | { readonly type: 'away'; readonly why: string };

export interface ProofOptions {
  readonly transport: Transport;
  readonly root: PublicJwk;
  readonly revocations: RevocationListClaims | undefined;
  readonly nowMs: number;
}

const ask = async (host: HostAddress, { transport, root, revocations, nowMs }: ProofOptions): Promise<Proof> => {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  const reply = (await transport.exchange?.(host, { type: 'host-proof', nonce })) ?? { type: 'unreachable', detail: 'the transport carries no proofs' };
  if (reply.type === 'unreachable') return { type: reply.certificate === true ? 'rogue' : 'away', why: reply.detail };
  if (reply.type === 'problem') {
    const { code, status, detail } = reply.problem;
    return { type: leavesOutcomeOpen(status) || IDLE.has(code) ? 'away' : 'rogue', why: detail };
  }
  const parsed = answerSchema.safeParse(reply.body);
  if (!parsed.success) return { type: 'rogue', why: 'its answer is no proof' };
  try {
    const { host: certified, certificate, keys } = await verifyHostProof(parsed.data.proof, { root, nonce, atMs: nowMs });
    if (revocations !== undefined && isRevoked(revocations, { certificate: certificate.jti, keys })) return { type: 'rogue', why: REVOKED.detail };
    return { type: 'proved', certified, organisation: certificate.organisation };
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return { type: 'rogue', why: `its proof is not believed: ${error.detail}` };
  }
};

/** Has whoever answers there sign a fresh nonce with the key of a certified host. Nothing else of the machine is told before. */
export const proveHost = async (host: HostAddress, options: ProofOptions): Promise<Proof> => {
  const proof = await ask(host, options);
  // Whoever DNS names chose those words, and administrators read them in a terminal.
  return proof.type === 'proved' ? proof : { ...proof, why: plainWords(proof.why) };
};
