import type { ReplayProgress, ReplayReport } from '@muster/contracts';
import { counted } from '../../terminal/words.js';

const thousands = (value: number): string => value.toLocaleString('en-US');

export const progressWords = ({ events, ofEvents, seconds }: ReplayProgress): string => {
  const percent = ofEvents === 0 ? 100 : Math.floor((events / ofEvents) * 100);
  return `replaying: ${thousands(events)} of ${counted(ofEvents, 'event')} (${percent} %), ${seconds.toFixed(1)} s`;
};

export const reportLines = ({ events, seconds, eventsPerSecond, position, rebuiltDigest, liveDigest, equal }: ReplayReport): readonly string[] => [
  `Replayed ${counted(events, 'event')} in ${seconds.toFixed(3)} s: ${thousands(eventsPerSecond)} events/s.`,
  equal
    ? `The rebuilt counts equal the live ones at position ${position} (${rebuiltDigest}).`
    : `The rebuilt counts DIFFER from the live ones at position ${position}: ${rebuiltDigest} rebuilt, ${liveDigest} live.`,
];
