import { requestLine } from '../fleet/request-line.js';
import type { Paint } from '../terminal/terminal.js';
import type { DemoRequest } from './demo-story.js';

export interface DemoAnswer {
  readonly outcome: 'granted' | 'deferred';
  readonly count: number;
  readonly threshold: number;
}

/** Whether the answer is what it must be. */
export const isAsExpected = ({ expected }: DemoRequest, answer: DemoAnswer): boolean =>
  answer.outcome === expected.outcome && answer.count === expected.count && answer.threshold === expected.threshold;

const NUMBER_WIDTH = 3;
const HOSTNAME_WIDTH = 9;
const PRODUCT_WIDTH = 16;

/** One line a request, with its verdict. */
export const demoLine = (number: number, request: DemoRequest, { answer, paint }: { readonly answer: DemoAnswer; readonly paint: Paint }): string => {
  const { hostname, product, virtual, expected } = request;
  const line = requestLine({ hostname, product: product.padEnd(PRODUCT_WIDTH), virtual, answer }, { hostnameWidth: HOSTNAME_WIDTH, paint });
  const verdict = isAsExpected(request, answer) ? paint('green', '✓') : paint('red', `✗ must be: count ${expected.count}, threshold ${expected.threshold}, ${expected.outcome}`);
  return `${String(number).padStart(NUMBER_WIDTH)}  ${line}  ${verdict}`;
};
