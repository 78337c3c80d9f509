import { counted } from '../../terminal/words.js';
import type { PartFacts, PositionFacts } from '../facts.js';
import { finding, type Finding, type Judgement } from '../report.js';

/** A service follows within milliseconds; a burst of so many events is caught up with before anybody notices. */
export const LAG_EVENTS_MAX = 100;

const partFindings = ({ name, state, remarks, down }: PartFacts): readonly Finding[] => {
  if (state === 'gone') return [finding('service-gone', { subject: name, detail: 'Its process has ended.' })];
  if (state === 'not-ready') return [finding('service-not-ready', { subject: name, detail: `${down.join('; ') || 'It does not say why'}.` })];
  return remarks.length === 0 ? [] : [finding('service-remark', { subject: name, detail: `${remarks.join('; ')}.` })];
};

/** Whether the parts of a host do their work, and keep up with the ledger. */
export const judgeServices = (parts: readonly PartFacts[], positions: readonly PositionFacts[]): Judgement => ({
  findings: [
    ...parts.flatMap(partFindings),
    ...positions.flatMap(({ service, position, head }) =>
      head - position > LAG_EVENTS_MAX ? [finding('service-behind', { subject: service, detail: `It is at position ${position}, ${counted(head - position, 'event')} behind the ledger.` })] : [],
    ),
  ],
  checks: [
    ...parts.map(({ name, state }) => ({ area: 'services' as const, subject: name, detail: state.replace('-', ' ') })),
    ...positions.map(({ service, position, head }) => ({ area: 'services' as const, subject: `${service}, position`, detail: `${position} of ${head}` })),
  ],
});
