import { writeFileSync } from 'node:fs';
import { CliFailure } from '../../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../../failure/exit-codes.js';
import type { Terminal } from '../../terminal/terminal.js';
import { authorityApi } from '../access/authority-api.js';
import type { AuthorityOptions } from '../access/find-authority.js';
import { findAuthority } from '../access/find-authority.js';
import type { FoundKey } from './find-key.js';
import { findKey } from './find-key.js';
import { keyLines } from './key-lines.js';

export interface IssueHostKeyOptions extends AuthorityOptions {
  readonly organisation: string;
  readonly group: string;
  readonly hosts?: number;
  readonly activations?: number;
  /** Where the policies file goes, for hosts that cannot fetch it. */
  readonly policies?: string;
}

const ONCE = 'It is shown this once: the authority keeps only its digest and its last group.';

const showIssued = (key: string, answer: object, lines: readonly string[], terminal: Terminal): ExitCode => {
  if (terminal.json) terminal.data(JSON.stringify(answer));
  else for (const line of [key, ...lines]) terminal.data(line);
  return exitCodes.ok;
};

export const issueHostKey = async ({ organisation, group, hosts, activations, policies, ...options }: IssueHostKeyOptions, terminal: Terminal): Promise<ExitCode> => {
  const limits = { ...(hosts === undefined ? {} : { hostsMax: hosts }), ...(activations === undefined ? {} : { activationsPerHostMax: activations }) };
  const answer = await authorityApi(findAuthority(options)).issueHostKey({ organisation, coversGroup: group, ...limits });
  if (policies !== undefined) writeFileSync(policies, `${answer.policies}\n`);
  return showIssued(answer.key, answer, [ONCE, ...(policies === undefined ? [] : [`Its policies are in ${policies}, for hosts that cannot fetch them.`])], terminal);
};

export interface IssueMakOptions extends AuthorityOptions {
  readonly organisation: string;
  readonly group: string;
  readonly allowance: number;
}

export const issueMultipleActivationKey = async ({ organisation, group, allowance, ...options }: IssueMakOptions, terminal: Terminal): Promise<ExitCode> => {
  const answer = await authorityApi(findAuthority(options)).issueMultipleActivationKey({ organisation, group, allowance });
  return showIssued(answer.key, answer, [ONCE], terminal);
};

export const listKeys = async (options: AuthorityOptions, terminal: Terminal): Promise<ExitCode> => {
  const keys = await authorityApi(findAuthority(options)).keys();
  if (terminal.json) terminal.data(JSON.stringify(keys, undefined, 2));
  else for (const line of keyLines(keys)) terminal.data(line);
  return exitCodes.ok;
};

const show = (key: FoundKey, terminal: Terminal): ExitCode => {
  if (terminal.json) terminal.data(JSON.stringify(key.entry));
  else for (const line of keyLines(key.kind === 'host' ? { hostKeys: [key.entry], multipleActivationKeys: [] } : { hostKeys: [], multipleActivationKeys: [key.entry] })) terminal.data(line);
  return exitCodes.ok;
};

export interface RaiseOptions extends AuthorityOptions {
  readonly hosts?: number;
  readonly activations?: number;
  readonly allowance?: number;
}

/** @throws CliFailure `usage` when the limit is not one that this kind of key has */
const limitsOf = ({ kind }: FoundKey, { hosts, activations, allowance }: RaiseOptions): object => {
  if (kind === 'host' && allowance === undefined && (hosts !== undefined || activations !== undefined)) {
    return { ...(hosts === undefined ? {} : { hostsMax: hosts }), ...(activations === undefined ? {} : { activationsPerHostMax: activations }) };
  }
  if (kind === 'multiple' && allowance !== undefined && hosts === undefined && activations === undefined) return { allowance };
  throw new CliFailure('usage', kind === 'host' ? 'A host key is raised by --hosts or --activations.' : 'A multiple activation key is raised by --allowance.');
};

/** Sets the limits of a key anew. */
export const raiseKey =
  (named: string) =>
  async (options: RaiseOptions, terminal: Terminal): Promise<ExitCode> => {
    const api = authorityApi(findAuthority(options));
    const key = findKey(await api.keys(), named);
    const limits = limitsOf(key, options);
    if (key.kind === 'host') return show({ kind: 'host', entry: await api.changeHostKey(key.entry.keyId, 'raises', limits) }, terminal);
    return show({ kind: 'multiple', entry: await api.changeMultipleActivationKey(key.entry.keyId, 'raises', limits) }, terminal);
  };

export interface RevokeKeyOptions extends AuthorityOptions {
  readonly reason: string;
}

/** Takes a key out of use; what it activated stays. */
export const revokeKey =
  (named: string) =>
  async ({ reason, ...options }: RevokeKeyOptions, terminal: Terminal): Promise<ExitCode> => {
    const api = authorityApi(findAuthority(options));
    const key = findKey(await api.keys(), named);
    if (key.kind === 'host') return show({ kind: 'host', entry: await api.changeHostKey(key.entry.keyId, 'revocations', { reason }) }, terminal);
    return show({ kind: 'multiple', entry: await api.changeMultipleActivationKey(key.entry.keyId, 'revocations', { reason }) }, terminal);
  };
