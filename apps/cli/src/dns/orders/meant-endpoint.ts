import type { DnsDescription } from '@muster/contracts';
import { CliFailure } from '../../failure/cli-failure.js';

export type KnownEndpoint = DnsDescription['endpoints'][number];

/** The endpoint that an order is about: the one that is named, or the only one there is; as the host itself decides. @throws CliFailure `notFound`, `conflict` */
export const meantEndpoint = ({ endpoints }: DnsDescription, named: string | undefined): KnownEndpoint => {
  const [first, second] = named === undefined ? endpoints : endpoints.filter(({ endpoint }) => endpoint === named);
  if (first === undefined) {
    throw new CliFailure('notFound', named === undefined ? 'No endpoint was announced yet.' : `${named} was never announced.`, { remedy: '`muster dns status` shows the endpoints; a gateway announces its own by MUSTER_ADVERTISE.' });
  }
  if (second !== undefined) throw new CliFailure('conflict', 'There are several endpoints, and the order names none.', { remedy: `Name one by --endpoint: ${endpoints.map(({ endpoint }) => endpoint).join(', ')}.` });
  return first;
};
