import type { VolumeContact as Contact } from './contact.js';
import type { Machine } from './machine.js';
import { runMachine } from './run-machine.js';

const contact = { atMs: 1000 } as Contact;

/** Gives the ticks in their order; the last one repeats. */
const machineOf = (ticks: readonly (() => Promise<Contact | undefined>)[]): { readonly machine: Machine; readonly ticked: () => number } => {
  let at = 0;
  const tick = (): Promise<Contact | undefined> => (ticks[Math.min(at++, ticks.length - 1)] ?? (() => Promise.resolve(undefined)))();
  return { machine: { tick, status: () => Promise.resolve({ nextContactMs: 1000 }) } as unknown as Machine, ticked: () => at };
};

describe('the loop of a daemon', () => {
  it('tells each contact, and looks again soon when the next one is due', async () => {
    const stopping = new AbortController();
    let told = 0;
    const { machine } = machineOf([() => Promise.resolve(contact)]);
    await runMachine(machine, {
      signal: stopping.signal,
      onContact: () => {
        told += 1;
        if (told === 2) stopping.abort();
      },
    });
    expect(told).toBe(2);
  });

  it('tells what fails, and ends at once when it is told to', async () => {
    const stopping = new AbortController();
    const errors: unknown[] = [];
    const { machine, ticked } = machineOf([() => Promise.reject(new Error('disk full'))]);
    await runMachine(machine, {
      signal: stopping.signal,
      onError: (error) => {
        errors.push(error);
        stopping.abort();
      },
    });
    expect(errors).toEqual([new Error('disk full')]);
    expect(ticked()).toBe(1);
  });
});
