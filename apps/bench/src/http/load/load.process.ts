import type { LoadOrder, LoadReply } from './load.messages.js';
import { runLoad } from './run-load.js';
import { signRequests } from './sign-requests.js';

// A process of its own: what the load costs must neither slow down nor hide behind what is measured.

const requests: Buffer[] = [];

const obey = async (order: LoadOrder): Promise<LoadReply> => {
  switch (order.order) {
    case 'sign':
      requests.splice(0, requests.length, ...(await signRequests(order.url, order.count)));
      return { reply: 'signed' };
    case 'run':
      return { reply: 'ran', ...(await runLoad({ ...order, requests })) };
    default:
      return order satisfies never;
  }
};

process.on('message', (order: LoadOrder) => {
  obey(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ reply: 'failed', message: error instanceof Error ? error.message : String(error) } satisfies LoadReply),
  );
});
process.on('disconnect', () => process.exit());
