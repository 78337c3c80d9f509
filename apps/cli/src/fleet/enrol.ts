import { dottedName } from '@muster/contracts';
import { systemDraws } from '@muster/kernel';
import { generateKeyPair } from '@muster/trust';
import { findHost } from '../access/find-host.js';
import type { AccessOptions } from '../access/host-access.js';
import { activateMachine } from '../activation/activate-machine.js';
import { hostApi, type HostApi } from '../api/host-api.js';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import { failureDocument } from '../failure/report-failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { counted } from '../terminal/words.js';
import { inParallel } from './in-parallel.js';
import type { FleetRequest } from './request-line.js';
import { requestLine } from './request-line.js';

export interface EnrolOptions extends AccessOptions {
  readonly machines: number;
  readonly product?: string;
  readonly virtual?: boolean;
  readonly prefix: string;
  readonly concurrency: number;
}

interface FailedRequest {
  readonly hostname: string;
  readonly failure: CliFailure;
}

/** The host's product with the highest threshold: the one whose count is worth watching. */
const defaultProduct = async (api: HostApi): Promise<string> => {
  const { claims } = await api.describe();
  const product = [...(claims?.products ?? [])].sort((a, b) => b.threshold - a.threshold)[0];
  if (product === undefined) throw new CliFailure('conflict', 'The host is not activated: it has no products yet.');
  return product.name;
};

const fleetNames = (prefix: string, machines: number): readonly string[] => {
  const digits = Math.max(2, String(machines).length);
  return Array.from({ length: machines }, (_, index) => `${prefix}${String(index + 1).padStart(digits, '0')}`);
};

const summaryOf = (requests: readonly FleetRequest[], failed: readonly FailedRequest[]) => ({
  machines: requests.length + failed.length,
  granted: requests.filter(({ answer }) => answer.outcome === 'granted').length,
  deferred: requests.filter(({ answer }) => answer.outcome === 'deferred').length,
  failed: failed.length,
  count: Math.max(0, ...requests.map(({ answer }) => answer.count)),
});

/** Has machines with fresh keys ask for a product, one line a request. Their keys are forgotten: a fleet for trying things out. */
export const enrolFleet = async (options: EnrolOptions, terminal: Terminal): Promise<ExitCode> => {
  const { machines, virtual = false, prefix, concurrency } = options;
  if (options.product !== undefined && !dottedName.safeParse(options.product).success) throw new CliFailure('usage', `${options.product} is not the name of a product; acme.workstation is one.`);
  const access = findHost(options);
  const api = hostApi(access);
  const product = options.product ?? (await defaultProduct(api));
  const names = fleetNames(prefix, machines);
  const hostnameWidth = Math.max(...names.map(({ length }) => length));
  const requests: FleetRequest[] = [];
  const failed: FailedRequest[] = [];

  const enrol = async (hostname: string): Promise<void> => {
    try {
      const answer = await activateMachine(api, { key: generateKeyPair(), wish: { jti: systemDraws.uuid(), product, machine: { hostname, virtual } } });
      const request: FleetRequest = { hostname, product, virtual, answer };
      requests.push(request);
      if (!terminal.json) terminal.data(requestLine(request, { hostnameWidth, paint: terminal.paintData }));
    } catch (error) {
      if (!(error instanceof CliFailure)) throw error;
      failed.push({ hostname, failure: error });
      if (!terminal.json) terminal.note(`${hostname.padEnd(hostnameWidth)}  ${terminal.paint('red', 'failed')}: ${error.message}`);
    }
  };
  // A host that is not there at all fails the first request; the others need not find out one by one.
  await inParallel(names, { concurrency, run: enrol, goOn: () => failed.length === 0 || requests.length > 0 });
  if (requests.length === 0 && failed[0] !== undefined) throw failed[0].failure;

  const summary = summaryOf(requests, failed);
  if (terminal.json) {
    terminal.data(JSON.stringify({ product, summary, requests, failures: failed.map(({ hostname, failure }) => ({ hostname, problem: failureDocument(failure) })) }));
  } else {
    terminal.data(`${counted(summary.machines, 'machine')}: ${summary.granted} granted, ${summary.deferred} deferred${summary.failed === 0 ? '' : `, ${summary.failed} failed`}; count ${summary.count}.`);
  }
  return failed.length === 0 ? exitCodes.ok : exitCodes.failed;
};
