import { readFileSync } from 'node:fs';
import { controlledClockSchema } from '@muster/contracts';
import { type Clock, systemClock } from '@muster/kernel';
import type { Log } from '@muster/messaging';
import { ConfigError } from '../config/load-config.js';

const read = (file: string): number => controlledClockSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).aheadMs;

/**
 * The real time, plus what the file says it runs ahead. The file is read anew each time (some 20 µs), so that nobody sees the old time once
 * the file was replaced, in whichever process. A file that is gone, broken or behind changes nothing: time goes on from where it was.
 *
 * @throws ConfigError when there is no such clock to begin with
 */
export const readControlledClock = (file: string, log: Log): Clock => {
  let aheadMs: number;
  try {
    aheadMs = read(file);
  } catch (error) {
    throw new ConfigError([`MUSTER_CONTROLLED_CLOCK_FILE: ${file} is not the file of a controlled clock (${(error as NodeJS.ErrnoException).code ?? 'not of its form'})`]);
  }
  let trouble = false;
  const complain = (details: object, message: string): void => {
    if (!trouble) log.error({ file, ...details }, message);
    trouble = true;
  };
  const look = (): void => {
    let found: number;
    try {
      found = read(file);
    } catch (error) {
      return complain({ err: error }, 'the controlled clock cannot be read; its time goes on from where it was');
    }
    if (found < aheadMs) return complain({ aheadMs, found }, 'the controlled clock was set back; a clock of a ledger moves forward only, so that is ignored');
    trouble = false;
    if (found > aheadMs) log.info({ file, byMs: found - aheadMs, now: new Date(systemClock.nowMs() + found).toISOString() }, 'the controlled clock was moved forward');
    aheadMs = found;
  };
  return {
    nowMs: () => {
      look();
      return systemClock.nowMs() + aheadMs;
    },
  };
};
