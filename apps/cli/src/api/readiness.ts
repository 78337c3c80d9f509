import { fetchTrusting, type HostTrust } from '../access/trusting-fetch.js';

/** What a service says of itself. */
export interface ReadinessAnswer {
  readonly ready: boolean;
  /** What is down, or up with a reservation: `clock: 86400 s ahead of the database`. */
  readonly remarks: readonly string[];
  /** What of it is down. */
  readonly down: readonly string[];
}

const READY_TIMEOUT_MS = 3_000; // longer than the service's own patience with what it checks

interface Check {
  readonly name?: unknown;
  readonly status?: unknown;
  readonly detail?: unknown;
}

const isCheck = (value: unknown): value is Check => typeof value === 'object' && value !== null;

const inWords = ({ name, status, detail }: Check): string => `${String(name)}: ${typeof detail === 'string' ? detail : String(status)}`;

/** The checks of a `/readyz` answer that are not simply up, in words; what is down among them once more. */
export const remarksOf = (body: unknown): Pick<ReadinessAnswer, 'remarks' | 'down'> => {
  const checks = isCheck(body) && 'checks' in body && Array.isArray(body.checks) ? body.checks : [];
  const remarkable = checks.filter(isCheck).filter(({ status }) => status !== 'up');
  return { remarks: remarkable.map(inWords), down: remarkable.filter(({ status }) => status !== 'warn').map(inWords) };
};

/** Asks the service at this address whether it can serve, and if not, why. */
export const readReadiness = async (url: string, trust?: HostTrust): Promise<ReadinessAnswer> => {
  try {
    const response = await fetchTrusting(`${url}/readyz`, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) }, trust);
    return { ready: response.ok, ...remarksOf(await response.json()) };
  } catch {
    return { ready: false, remarks: ['it does not answer'], down: ['it does not answer'] };
  }
};
