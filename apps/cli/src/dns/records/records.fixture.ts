import { formatEndpointText } from '@muster/contracts';
import type { WantedRecord } from './record-data.js';

export interface Place {
  readonly zone: string;
  readonly name: string;
  readonly target: string;
  readonly port?: number;
  readonly priority?: number;
  readonly ttlSeconds?: number;
}

/** What the registrar lists for an endpoint at one name: the SRV record, and the text beside it. */
export const recordsAt = ({ zone, name, target, port = 443, priority = 0, ttlSeconds = 300 }: Place): readonly WantedRecord[] => {
  const common = { name, ttlSeconds, domain: zone, zone, endpoint: `${target}:${port}` };
  return [
    { ...common, type: 'SRV', data: `${priority} 10 ${port} ${target}.` },
    { ...common, type: 'TXT', data: `"${formatEndpointText({ target, port, scheme: 'https' }).join('" "')}"` },
  ];
};

const GENERAL = '_muster._tcp.corp.example';

/** Two hosts in one domain, one of them in a site, and one of them in a domain that lies inside a larger zone. */
export const RECORDS: readonly WantedRecord[] = [
  ...recordsAt({ zone: 'corp.example', name: GENERAL, target: 'a.corp.example' }),
  ...recordsAt({ zone: 'corp.example', name: GENERAL, target: 'b.corp.example', port: 8443, priority: 100 }),
  ...recordsAt({ zone: 'corp.example', name: '_muster._tcp.berlin._sites.corp.example', target: 'a.corp.example' }),
  ...recordsAt({ zone: 'example.org', name: '_muster._tcp.lab.example.org', target: 'b.corp.example', port: 8443, ttlSeconds: 86_400 }),
];
