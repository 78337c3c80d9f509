import type {
  ActivationKeys,
  ConfirmHost,
  EventsPage,
  HostActivationAnswer,
  HostKeyEntry,
  MachineConfirmations,
  MultipleActivationKeyEntry,
  RevocationsAnswer,
  TimeStepAnswer,
  VendorCatalogue,
  VendorDescription,
} from '@muster/contracts';
import {
  activationKeysSchema,
  adoptCatalogueAnswerSchema,
  eventsPageSchema,
  hostActivationAnswerSchema,
  hostKeyEntrySchema,
  hostKeyIssuedAnswerSchema,
  machineConfirmationsSchema,
  multipleActivationKeyEntrySchema,
  multipleActivationKeyIssuedAnswerSchema,
  revocationsAnswerSchema,
  timeStepAnswerSchema,
  vendorCatalogueSchema,
  vendorDescriptionSchema,
} from '@muster/contracts';
import type { Call } from '../../api/caller.js';
import { callerOf } from '../../api/caller.js';
import type { AuthorityAccess } from './find-authority.js';

/** Longer than a batch under load takes. */
const TIMEOUT_MS = 15_000;

const REMEDIES = {
  unreachable: 'Is the authority running? `muster authority run` starts one.',
  token: 'Give its token by MUSTER_AUTHORITY_TOKEN_FILE, or run the command in the directory in which it was started.',
};

const order = (method: string, path: string, body: unknown): Call => ({
  path,
  timeoutMs: TIMEOUT_MS,
  request: { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

const look = (path: string): Call => ({ path, timeoutMs: TIMEOUT_MS });

export type Revocation = { readonly certificate: string; readonly reason: string } | { readonly key: string; readonly reason: string };

/** An authority over HTTP. Every call rejects with `CliFailure`: `unreachable`, or what the authority's problem stands for. */
export const authorityApi = (access: AuthorityAccess) => {
  const caller = callerOf(access, REMEDIES);
  return {
    url: access.url,
    describe: (): Promise<VendorDescription> => caller.json({ ...look('/v1/vendor'), open: true, schema: vendorDescriptionSchema }),
    catalogue: (): Promise<VendorCatalogue> => caller.json({ ...look('/v1/catalogue'), schema: vendorCatalogueSchema }),
    adopt: (catalogue: VendorCatalogue) => caller.json({ ...order('PUT', '/v1/catalogue', catalogue), schema: adoptCatalogueAnswerSchema }),
    keys: (): Promise<ActivationKeys> => caller.json({ ...look('/v1/activation-keys'), schema: activationKeysSchema }),
    issueHostKey: (terms: object) => caller.json({ ...order('POST', '/v1/host-keys', terms), schema: hostKeyIssuedAnswerSchema }),
    issueMultipleActivationKey: (terms: object) => caller.json({ ...order('POST', '/v1/multiple-activation-keys', terms), schema: multipleActivationKeyIssuedAnswerSchema }),
    changeHostKey: (keyId: string, what: 'raises' | 'revocations', terms: object): Promise<HostKeyEntry> =>
      caller.json({ ...order('POST', `/v1/host-keys/${keyId}/${what}`, terms), schema: hostKeyEntrySchema }),
    changeMultipleActivationKey: (keyId: string, what: 'raises' | 'revocations', terms: object): Promise<MultipleActivationKeyEntry> =>
      caller.json({ ...order('POST', `/v1/multiple-activation-keys/${keyId}/${what}`, terms), schema: multipleActivationKeyEntrySchema }),
    confirm: (request: ConfirmHost): Promise<HostActivationAnswer> => caller.json({ ...order('POST', '/v1/confirmations', request), schema: hostActivationAnswerSchema }),
    confirmMachines: (key: string, requests: readonly string[]): Promise<MachineConfirmations> =>
      caller.json({ ...order('POST', '/v1/machine-confirmations', { key, requests }), open: true, schema: machineConfirmationsSchema }),
    revoke: (revocation: Revocation): Promise<RevocationsAnswer> => caller.json({ ...order('POST', '/v1/revocations', revocation), schema: revocationsAnswerSchema }),
    revocations: (): Promise<RevocationsAnswer> => caller.json({ ...look('/v1/revocations'), open: true, schema: revocationsAnswerSchema }),
    events: (query: Readonly<Record<string, string>>): Promise<EventsPage> => caller.json({ ...look(`/v1/events?${new URLSearchParams(query).toString()}`), schema: eventsPageSchema }),
    acceptTimeStep: (): Promise<TimeStepAnswer> => caller.json({ ...look('/v1/time-steps'), request: { method: 'POST' }, schema: timeStepAnswerSchema }),
  };
};

export type AuthorityApi = ReturnType<typeof authorityApi>;

