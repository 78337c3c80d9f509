import { freePort } from '@muster/devstack';
import type { Replicas } from './replicas.js';
import type { ServiceKind } from './start-service.js';

/** A process to be started: `activation`, or `activation-2` where there are several. */
export interface PlannedService {
  readonly kind: ServiceKind;
  readonly name: string;
  readonly port: number;
}

const numbered = (kind: ServiceKind, count: number): readonly string[] => (count === 1 ? [kind] : Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`));

/** Every service with a port of its own; only the gateway's is known to clients. */
export const planServices = async (gatewayPort: number, replicas: Replicas): Promise<readonly PlannedService[]> => {
  const scaled = (['counting', 'lease-renewal', 'activation', 'dns-registrar'] as const).flatMap((kind) => numbered(kind, replicas[kind]).map((name) => ({ kind, name })));
  const taken = new Set([gatewayPort]);
  const services: PlannedService[] = [];
  for (const service of scaled) {
    let port = await freePort();
    while (taken.has(port)) port = await freePort();
    taken.add(port);
    services.push({ ...service, port });
  }
  return [...services, { kind: 'gateway', name: 'gateway', port: gatewayPort }];
};
