import type { EnrolmentTokenEntry } from '@muster/contracts';
import { tableLines } from '../terminal/table.js';
import { counted } from '../terminal/words.js';

const dayAndMinute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** The tokens as a table, and how many machines have enrolled by any. */
export const tokenLines = (tokens: readonly EnrolmentTokenEntry[], machinesEnrolled: number): readonly string[] => [
  ...(tokens.length === 0
    ? ['No enrolment token was made yet. Make one with `muster enrolment create --uses N --expires 7d`.']
    : tableLines<EnrolmentTokenEntry>(
        [
          { title: 'TOKEN', cell: ({ tokenId }) => tokenId },
          { title: 'STANDING', cell: ({ standing }) => standing },
          { title: 'USED', cell: ({ uses, maximumUses }) => `${uses} of ${maximumUses}`, right: true },
          { title: 'ENDS (UTC)', cell: ({ expiresAt }) => dayAndMinute(expiresAt) },
        ],
        tokens,
      )),
  `${counted(machinesEnrolled, 'machine')} enrolled.`,
];
