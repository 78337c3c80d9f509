import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostJournal } from './host-journal.js';
import type { PlannedService } from './plan-services.js';
import { untilReady } from './until-ready.js';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

const timeStep = { name: 'event-store', status: 'down', detail: 'time-step: the last event is old' };
const lapsed = { name: 'host', status: 'warn', detail: 'certificate-lapsed: it ended' };
const revoked = { name: 'host', status: 'down', detail: 'revoked: the vendor took it back' };
const edited = { name: 'host', status: 'down', detail: 'certificate-refused: its policies were changed' };
const starting = { name: 'host', status: 'down', detail: 'host state at position 3' };

/** A service whose answers to `/readyz` are these, the last one for ever: what is not up, or nothing. */
const aService = async (name: string, answers: readonly (readonly object[])[]): Promise<PlannedService> => {
  let asked = 0;
  const server = createServer((_request, response) => {
    const checks = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    response.writeHead(checks.length === 0 ? 200 : 503, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify({ checks }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { kind: 'activation', name, port: (server.address() as AddressInfo).port };
};

const journalOf = (said: string[]): HostJournal => {
  const say = (text: string): void => void said.push(text);
  return { step: say, info: say, warn: say, serviceLine: say };
};

it('a host is up where an administrator has to put it right by the host itself, whatever else is worth a remark', async () => {
  const said: string[] = [];
  const services = [await aService('activation', [[timeStep, lapsed]]), await aService('lease-renewal', [[revoked, timeStep]])];
  await untilReady(services, { journal: journalOf(said), signal: new AbortController().signal });
  expect(said).toEqual([
    'activation (event-store: time-step: the last event is old, host: certificate-lapsed: it ended)',
    'lease-renewal (host: revoked: the vendor took it back, event-store: time-step: the last event is old)',
  ]);
});

it('a host does not start by policies that the vendor did not sign: at once, and with the reason', async () => {
  const services = [await aService('counting', [[]]), await aService('activation', [[starting], [edited]])];
  await expect(untilReady(services, { journal: journalOf([]), signal: new AbortController().signal })).rejects.toMatchObject({
    reason: 'conflict',
    message: 'activation refuses to serve: its policies were changed',
  });
});

it('a host is up when its services can serve, or lack nothing but an operator’s word on the time', async () => {
  const said: string[] = [];
  const services = [await aService('counting', [[starting], []]), await aService('activation', [[timeStep, starting], [timeStep]])];
  await untilReady(services, { journal: journalOf(said), signal: new AbortController().signal });
  expect(said).toEqual(['counting is ready', 'activation (event-store: time-step: the last event is old)']);
});
