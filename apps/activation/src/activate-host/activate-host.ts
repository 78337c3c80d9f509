import type { CertificateInForce } from '@muster/domain';
import { decideCertificateAtStart } from '@muster/domain';
import type { HostActParts } from '../wiring/record-host-act.js';
import { recordHostAct } from '../wiring/record-host-act.js';

const ACTOR = 'service:activation';

/**
 * Records that the certificate which the process was started with takes effect, unless the ledger has it already: a restart records nothing, and a
 * retired host does not come back by restarting. Replicas that do this at once record it once, by the one rule.
 *
 * @throws Problem `unavailable`, `clock-skew`: to be tried again
 */
export const activateHost = (certificate: CertificateInForce, parts: HostActParts): Promise<'recorded' | 'known'> =>
  recordHostAct(
    {
      actor: ACTOR,
      decide: (host) => Promise.resolve({ decision: decideCertificateAtStart(certificate, host), answer: ({ recorded }) => (recorded ? 'recorded' : 'known') }),
    },
    parts,
  );
