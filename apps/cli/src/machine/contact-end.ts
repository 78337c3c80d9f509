import type { Contact, VolumeContact } from '@muster/client';
import { toInstant } from '@muster/kernel';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import { reasonOf } from '../failure/problem-reason.js';
import { counted, durationWords } from '../terminal/words.js';
import { permanentEnd, permanentJson, permanentWords } from './permanent-end.js';

/** Whether it brought what was asked for, or at least a count; everything else is told as a failure, by {@link endOf}. */
export const broughtAnswer = ({ outcome }: Contact): boolean => ['granted', 'deferred', 'released', 'waiting'].includes(outcome.reply.type);

const volumeJson = ({ atMs, wish, outcome, state }: VolumeContact) => {
  const { token: _token, ...lease } = state.lease ?? { token: '' };
  return {
    at: toInstant(atMs),
    product: state.product,
    asked: wish.kind,
    requestId: wish.requestId,
    drawnFor: wish.drawnForMs === null ? null : toInstant(wish.drawnForMs),
    host: outcome.host,
    outcome: outcome.reply.type,
    ...(state.lastContact === null ? {} : { count: state.lastContact.count, threshold: state.lastContact.threshold, code: state.lastContact.code, detail: state.lastContact.detail }),
    lease: state.lease === null ? null : { ...lease, expiresAt: toInstant(state.lease.expiresAtMs) },
    next: state.due === null ? null : toInstant(state.due.atMs),
    failed: outcome.failed,
  };
};

/** What scripts are told of a contact. */
export const contactJson = (contact: Contact): object => (contact.method === 'volume' ? volumeJson(contact) : permanentJson(contact));

const wordsOf = ({ outcome, state, wish }: VolumeContact): string => {
  const { reply, host } = outcome;
  switch (reply.type) {
    case 'granted':
      return `${wish.kind === 'renewal' ? 'renewed' : 'activated'} by ${host} until ${toInstant(reply.lease.expiresAtMs)} (count ${reply.count}, threshold ${reply.threshold})`;
    case 'deferred':
      return `deferred by ${host}: count ${reply.count}, threshold ${reply.threshold}${state.lease === null ? '' : '; the lease keeps running'}`;
    case 'released':
      return `released at ${host}`;
    case 'refused':
      return `refused by ${host}: ${reply.detail} (${reply.code})`;
    case 'busy':
      return `${host} cannot answer now: ${reply.detail}`;
    case 'unreachable':
      return outcome.failed.length === 0 ? `nobody was asked: ${reply.detail}` : `no answer: ${outcome.failed.map(({ host: at, detail }) => `${at} ${detail}`).join(', ')}`;
    default:
      return reply satisfies never;
  }
};

const saidOf = (contact: Contact): string => (contact.method === 'volume' ? wordsOf(contact) : permanentWords(contact));

/** One line a contact, as the daemon logs it. */
export const contactLine = (contact: Contact): string => {
  const { state, atMs } = contact;
  const next = state.due === null ? '' : `; next ${toInstant(state.due.atMs)}`;
  return `${toInstant(atMs)} ${state.product} ${saidOf(contact)}${next}`;
};

const moreOf = ({ outcome: { reply }, state }: VolumeContact): readonly string[] => {
  if (reply.type === 'granted') return ["  verified against the vendor's root key", ...(state.drawnForMs === null ? [] : [`  to be renewed at ${toInstant(state.drawnForMs)}, a moment drawn in the host's window`])];
  if (reply.type !== 'deferred') return [];
  const lacking = reply.threshold - reply.count;
  return [`  The machine is counted${lacking > 0 ? ` (${counted(lacking, 'machine')} to go)` : ''}. Ask again in ${durationWords(reply.retryAfterSeconds)}, or as soon as more machines have mustered.`];
};

/** The same for a person who asked for it. */
export const contactWords = (contact: Contact): readonly string[] => {
  const first = `${contact.state.product}: ${saidOf(contact).replace(/\.$/, '')}.`;
  if (contact.method === 'volume') return [first, ...moreOf(contact)];
  return contact.outcome.reply.type === 'granted' ? [first, "  verified against the vendor's root key; there is nothing to renew"] : [first];
};

const volumeEnd = ({ outcome }: VolumeContact): ExitCode => {
  const { reply, host } = outcome;
  switch (reply.type) {
    case 'granted':
    case 'released':
      return exitCodes.ok;
    case 'deferred':
      return exitCodes.notActivated;
    case 'refused':
      throw new CliFailure(reasonOf({ code: reply.code, status: 0 }), `${host} refuses: ${reply.detail} (${reply.code})`);
    case 'busy':
      throw new CliFailure('unreachable', `${host} cannot answer now: ${reply.detail}`);
    case 'unreachable':
      throw new CliFailure('unreachable', host === null ? `${reply.detail.charAt(0).toUpperCase()}${reply.detail.slice(1)}.` : `${host} does not answer: ${reply.detail.replace(/\.$/, '')}.`, {
        remedy: host === null ? 'Name one with --host HOST[:PORT] or `muster machine set-host`, a domain to look in with `muster machine set-domain` (`muster machine discover` shows the search), or start one with `muster host run`.' : 'The request is kept: the next one repeats it under its id.',
      });
    default:
      return reply satisfies never;
  }
};

/** The end of a command that contacted a host, or the authority. @throws CliFailure when it refused, or nobody answered */
export const endOf = (contact: Contact): ExitCode => (contact.method === 'volume' ? volumeEnd(contact) : permanentEnd(contact));
