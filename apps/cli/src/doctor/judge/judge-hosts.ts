import { FRESHNESS_SECONDS } from '@muster/contracts';
import { DAY_SECONDS, SECOND_MS, toInstant } from '@muster/kernel';
import { durationWords } from '../../terminal/words.js';
import type { CertificateFacts, HostFacts, ProofFacts } from '../facts.js';
import { allOf, finding, type Finding, type Judgement } from '../report.js';

/** Automatic renewal is usually done 30 days before the end: two weeks later somebody should look. */
export const CERTIFICATE_DAYS_MIN = 14;

/** A clock that NTP keeps is never so far off. */
export const CLOCK_OFFSET_SECONDS_MAX = 30;

const certificateFindings = (subject: string, { validFromMs, validToMs, names, namesHost, untrusted }: CertificateFacts, nowMs: number): readonly Finding[] => {
  const secondsLeft = (validToMs - nowMs) / SECOND_MS;
  const standing = (): readonly Finding[] => {
    if (nowMs < validFromMs) return [finding('host-certificate-expired', { subject, detail: `It counts from ${toInstant(validFromMs)} on.` })];
    if (secondsLeft <= 0) return [finding('host-certificate-expired', { subject, detail: `It ended at ${toInstant(validToMs)}.` })];
    return secondsLeft < CERTIFICATE_DAYS_MIN * DAY_SECONDS ? [finding('host-certificate-expires', { subject, detail: `It ends in ${durationWords(secondsLeft)}, at ${toInstant(validToMs)}.` })] : [];
  };
  return [
    ...standing(),
    ...(namesHost ? [] : [finding('host-certificate-name', { subject, detail: `It is for ${names === '' ? 'no name' : names}.` })]),
    ...(untrusted === null ? [] : [finding('host-certificate-untrusted', { subject, detail: `It is not vouched for: ${untrusted}.` })]),
  ];
};

const clockFindings = (subject: string, offsetMs: number): readonly Finding[] => {
  const seconds = Math.abs(offsetMs) / SECOND_MS;
  if (seconds <= CLOCK_OFFSET_SECONDS_MAX) return [];
  const detail = `The host's clock is ${durationWords(seconds)} ${offsetMs > 0 ? 'ahead of' : 'behind'} the one of this machine.`;
  return [finding('host-clock', { subject, detail, severity: seconds >= FRESHNESS_SECONDS ? 'error' : 'warning' })];
};

const proofFindings = (subject: string, proof: ProofFacts): readonly Finding[] => {
  switch (proof.kind) {
    case 'proved':
      return clockFindings(subject, proof.offsetMs);
    case 'ended':
      return [finding('host-activation-ended', { subject, detail: `Host ${proof.host}: ${proof.detail}.` }), ...clockFindings(subject, proof.offsetMs)];
    case 'revoked':
    case 'rogue':
    case 'not-active':
    case 'not-proved':
      return [finding(`host-${proof.kind}`, { subject, detail: `${proof.detail}.` })];
    case 'skipped':
      return [];
    default:
      return proof satisfies never;
  }
};

const readinessFindings = (subject: string, readiness: HostFacts['readiness']): readonly Finding[] => {
  if (readiness === null) return [];
  const { ready, remarks, down } = readiness;
  if (!ready) return [finding('host-not-ready', { subject, detail: `${down.join('; ') || 'It does not say why'}.` })];
  return remarks.length === 0 ? [] : [finding('host-remark', { subject, detail: `${remarks.join('; ')}.` })];
};

const summary = ({ connection, certificate, proof, readiness }: HostFacts): string => {
  if (connection.outcome !== 'answers') return connection.detail;
  const parts = [
    readiness?.ready === true ? 'ready' : 'not ready',
    ...(certificate === null ? [] : [`TLS certificate to ${toInstant(certificate.validToMs)}`]),
    ...(proof.kind === 'proved' ? [`proved to be host ${proof.host}`, `its clock ${Math.round(proof.offsetMs / SECOND_MS)} s off`] : []),
  ];
  return parts.join(', ');
};

const judgeHost = (facts: HostFacts, nowMs: number): Judgement => {
  const { address: subject, connection, certificate, proof, readiness } = facts;
  const checks = [{ area: 'hosts' as const, subject, detail: summary(facts) }];
  if (connection.outcome !== 'answers') return { checks, findings: [finding(connection.outcome === 'unreachable' ? 'host-unreachable' : 'host-tls-failed', { subject, detail: `${connection.detail}.` })] };
  return { checks, findings: [...(certificate === null ? [] : certificateFindings(subject, certificate, nowMs)), ...proofFindings(subject, proof), ...readinessFindings(subject, readiness)] };
};

/** Whether hosts can be reached, are what they say, and can serve. */
export const judgeHosts = (hosts: readonly HostFacts[], { nowMs }: { readonly nowMs: number }): Judgement => {
  if (hosts.length > 0) return allOf(hosts.map((host) => judgeHost(host, nowMs)));
  return { checks: [], findings: [finding('host-none', { subject: 'hosts', detail: 'No host is known to this machine.' })] };
};
