import { formatClaim } from '@muster/contracts';
import type { Change, Prerequisite, RecordData } from '@muster/dns-wire';
import { ZONE } from './dns-scene.js';

const TTL_SECONDS = 300;
const DEPLOYMENT = '0123456789abcdef0123456789abcdef';
const LABEL = '_muster._tcp';

const text = (...strings: readonly string[]): RecordData => ({ type: 'TXT', strings });

/** What a registrar changes at once for one endpoint: its claim from one epoch to the next, and its SRV record from one weight to another. */
export interface EndpointChange {
  readonly prerequisites: readonly Prerequisite[];
  readonly changes: readonly Change[];
}

const claimAt = (epoch: number): RecordData => text(...formatClaim({ deployment: DEPLOYMENT, epoch, at: '2026-11-22T00:00:00Z', state: 'active' }));

/** The `epoch`-th change of an endpoint, from 1. Each endpoint has a service name of its own: sets are not to grow while they are measured. */
export const changeOf = (endpoint: string, epoch: number): EndpointChange => {
  const name = `${LABEL}.${endpoint}.${ZONE}`;
  const claim = `_6878.${endpoint}._owner.${name}`;
  const srv = (weight: number): RecordData => ({ type: 'SRV', priority: 0, weight, port: 6878, target: `${endpoint}.${ZONE}` });
  const added = [
    { kind: 'add', name: claim, ttlSeconds: TTL_SECONDS, data: claimAt(epoch) },
    { kind: 'add', name, ttlSeconds: TTL_SECONDS, data: srv(epoch % 2) },
  ] as const;
  if (epoch === 1) return { prerequisites: [{ kind: 'set-absent', name: claim, type: 'TXT' }], changes: added };
  return {
    prerequisites: [{ kind: 'set-equals', name: claim, data: [claimAt(epoch - 1)] }],
    changes: [{ kind: 'remove-record', name: claim, data: claimAt(epoch - 1) }, { kind: 'remove-record', name, data: srv((epoch - 1) % 2) }, ...added],
  };
};
