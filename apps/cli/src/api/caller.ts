import { problemDocumentSchema } from '@muster/contracts';
import type { ProblemDocument } from '@muster/contracts';
import type { HostAccess } from '../access/host-access.js';
import { type FetchInit, fetchTrusting, type HostTrust } from '../access/trusting-fetch.js';
import { CliFailure } from '../failure/cli-failure.js';
import { reasonOf } from '../failure/problem-reason.js';

/** What validates an answer: a schema of the contracts. */
interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

export interface Call {
  readonly path: string;
  /** Until the whole answer is there. */
  readonly timeoutMs: number;
  /** Open to everybody: the token stays here. */
  readonly open?: boolean;
  readonly request?: Pick<FetchInit, 'method' | 'body' | 'headers'>;
}

export interface Caller {
  readonly url: string;
  /** Answers a good response; its body is still to be read. */
  respond(call: Call): Promise<Response>;
  json<T>(call: Call & { readonly schema: Schema<T> }): Promise<T>;
}

const describeCause = (error: unknown): string => {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
};

/** What to say to a person who cannot get through to a server. */
export interface Remedies {
  readonly unreachable: string;
  readonly token: string;
}

const HOST_REMEDIES: Remedies = {
  unreachable: 'Is the host running? `muster host status` shows it.',
  token: 'Give the operator token by MUSTER_OPERATOR_TOKEN_FILE, or run the command in the directory in which the host was started.',
};

const unreachable = (url: string, error: unknown, remedies: Remedies): CliFailure => new CliFailure('unreachable', `${url} does not answer: ${describeCause(error)}.`, { remedy: remedies.unreachable, cause: error });

const bodyOf = async (response: Response): Promise<unknown> => {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
};

/** The host's problem as a failure; an answer that is no problem document (a proxy's page) goes by its status. */
const failureOf = async (response: Response, url: string, remedies: Remedies): Promise<CliFailure> => {
  const parsed = problemDocumentSchema.safeParse(await bodyOf(response));
  if (!parsed.success) return new CliFailure(reasonOf({ code: '', status: response.status }), `${url} answered ${response.status} ${response.statusText}.`);
  return problemFailure(parsed.data, remedies);
};

/** Another token helps where this one is missing, wrong or of a role that does not do; where it came unencrypted, none does. */
const remedyOf = ({ code, requiredRole }: ProblemDocument, remedies: Remedies): string | undefined => {
  if (code === 'unauthorized') return remedies.token;
  return typeof requiredRole === 'string' ? `An admin makes a token that may: \`muster token create --role ${requiredRole.split(' ')[0] ?? ''}\`.` : undefined;
};

export const problemFailure = (problem: ProblemDocument, remedies = HOST_REMEDIES): CliFailure => {
  const reason = reasonOf(problem);
  const remedy = reason === 'authentication' ? remedyOf(problem, remedies) : undefined;
  return new CliFailure(reason, problem.detail, { problem, ...(remedy === undefined ? {} : { remedy }) });
};

/** How to reach a host, as whom, and what proves it. */
export type CalledAs = Pick<HostAccess, 'url' | 'token'> & { readonly trust?: HostTrust | undefined };

export const callerOf = ({ url, token, trust }: CalledAs, remedies = HOST_REMEDIES): Caller => {
  const respond = async ({ path, timeoutMs, open = false, request = {} }: Call): Promise<Response> => {
    const authorization = token === undefined || open ? {} : { authorization: `Bearer ${token}` };
    let response: Response;
    try {
      // A redirect would carry the token elsewhere.
      response = await fetchTrusting(`${url}${path}`, { ...request, headers: { ...request.headers, ...authorization }, signal: AbortSignal.timeout(timeoutMs) }, trust);
    } catch (error) {
      throw unreachable(url, error, remedies);
    }
    if (!response.ok) throw await failureOf(response, url, remedies);
    return response;
  };
  return {
    url,
    respond,
    json: async ({ schema, ...call }) => {
      const response = await respond(call);
      let body: unknown;
      try {
        body = await response.json();
      } catch (error) {
        throw unreachable(url, error, remedies);
      }
      const parsed = schema.safeParse(body);
      if (!parsed.success) throw new CliFailure('failed', `${url}${call.path} answered something that this muster does not understand.`, { remedy: 'Is it a Muster host of the same version?' });
      return parsed.data;
    },
  };
};
