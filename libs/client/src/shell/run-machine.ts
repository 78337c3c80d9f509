import { setTimeout as delay } from 'node:timers/promises';
import type { Contact, Machine, RunOptions } from './machine.js';

/** The machine may sleep, its clock may be set, a command may change its state: so it looks again this often instead of waiting for days. */
export const LOOK_AGAIN_MS = 60_000;
/** Between two contacts in any case: an answer that asks for the next request at once must not become a flood. */
const LOOK_AGAIN_MS_MIN = 1000;

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};

const untilNext = async (machine: Machine, contact: Contact | undefined): Promise<number> => {
  const { nextContactMs } = await machine.status();
  if (nextContactMs === null || contact === undefined) return LOOK_AGAIN_MS;
  return Math.min(LOOK_AGAIN_MS, Math.max(LOOK_AGAIN_MS_MIN, nextContactMs - contact.atMs));
};

/** Does what is due until the signal; what fails is told, and tried again. */
export const runMachine = async (machine: Machine, { signal, onContact = () => undefined, onError = () => undefined }: RunOptions): Promise<void> => {
  while (!signal.aborted) {
    let waitMs = LOOK_AGAIN_MS;
    try {
      const contact = await machine.tick();
      if (contact !== undefined) onContact(contact);
      waitMs = await untilNext(machine, contact);
    } catch (error) {
      onError(error);
    }
    await pause(waitMs, signal);
  }
};
