import { randomBytes } from 'node:crypto';
import type { EventOf, RequestActivation } from '@muster/contracts';
import { encodeBody } from '@muster/contracts';
import { SECOND_MS, systemDraws } from '@muster/kernel';
import { contentDigestOf } from '@muster/trust';

const PRODUCT = 'acme.workstation';
const POOL = 'acme';

const contentDigest = contentDigestOf({ kind: 'activation', product: PRODUCT, virtual: false, citedLease: null, evidence: null });

/** A request of a machine that nobody has seen before, as the gateway hands it on. */
export const aRequest = (): RequestActivation => ({
  machine: randomBytes(32).toString('base64url'),
  requestId: systemDraws.uuid(),
  product: PRODUCT,
  virtual: false,
  citedLease: null,
  audience: null,
  issuedAt: Math.floor(Date.now() / SECOND_MS),
  contentDigest,
  hostname: 'ws-0001.example.internal',
  address: '127.0.0.1',
});

/** The event that is appended alone: some 230 bytes of body. */
export const requestedEvent = ({ machine, product, virtual, issuedAt, citedLease }: RequestActivation): EventOf<'ActivationRequested'> => ({
  type: 'ActivationRequested',
  data: { machine, product, pool: POOL, virtual, requestIssuedAt: issuedAt, citedLease, contentDigest },
});

/** What a peer has to store for a fair comparison. */
export const bodyBytes = (): number => encodeBody(requestedEvent(aRequest())).length;
