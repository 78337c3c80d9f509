import type { ActivationAnswer } from '@muster/contracts';
import type { Paint } from '../terminal/terminal.js';

/** A request of one machine of a fleet, with its answer. */
export interface FleetRequest {
  readonly hostname: string;
  readonly product: string;
  readonly virtual: boolean;
  readonly answer: Pick<ActivationAnswer, 'outcome' | 'count' | 'threshold'>;
}

const COUNT_WIDTH = 4;

/** `ws-07  acme.workstation  physical  count    7  threshold   25  deferred` */
export const requestLine = ({ hostname, product, virtual, answer }: FleetRequest, { hostnameWidth, paint }: { readonly hostnameWidth: number; readonly paint: Paint }): string =>
  [
    hostname.padEnd(hostnameWidth),
    product,
    virtual ? 'virtual ' : 'physical',
    `count ${String(answer.count).padStart(COUNT_WIDTH)}`,
    `threshold ${String(answer.threshold).padStart(COUNT_WIDTH)}`,
    paint(answer.outcome === 'granted' ? 'green' : 'yellow', answer.outcome),
  ].join('  ');
