import { parseHostAddress } from '@muster/client';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { machineDirectory, type MachineOptions } from './machine-place.js';

type DirOption = Pick<MachineOptions, 'dir'>;

/** Points the machine at one host. That it loses the others is said, not hidden. */
export const setHost = (address: string) => async (options: DirOption, terminal: Terminal): Promise<ExitCode> => {
  const host = parseHostAddress(address);
  if (host === undefined) throw new CliFailure('usage', `${address} is not the address of a host.`, { remedy: 'Give host, host:port or an http or https address.' });
  const directory = machineDirectory(options);
  directory.keepSettings({ ...directory.settings(), hosts: [host] });
  if (terminal.json) terminal.data(JSON.stringify({ dir: directory.path, hosts: [host], failover: false }));
  else {
    terminal.data(`The machine asks ${host} and no other host.`);
    terminal.note('There is no failover now: while that host is away, nobody stands in. `muster machine clear-host` puts it back.');
  }
  return exitCodes.ok;
};

/** Puts the machine back to finding hosts by itself. */
export const clearHost = async (options: DirOption, terminal: Terminal): Promise<ExitCode> => {
  const directory = machineDirectory(options);
  directory.keepSettings({ ...directory.settings(), hosts: [] });
  terminal.data(terminal.json ? JSON.stringify({ dir: directory.path, hosts: [], failover: true }) : 'The machine finds its hosts by itself again.');
  return exitCodes.ok;
};

/** Forgets who the machine is, before its disk is copied: each copy then makes an identity of its own. */
export const generalize = async (options: DirOption, terminal: Terminal): Promise<ExitCode> => {
  const directory = machineDirectory(options);
  const machine = (await directory.readKey())?.id ?? null;
  directory.generalize();
  if (terminal.json) terminal.data(JSON.stringify({ dir: directory.path, forgotten: machine }));
  else terminal.data(machine === null ? `No machine was kept in ${directory.path}.` : `Machine ${machine} is forgotten, with its leases. Its hosts and the vendor's root key are kept for the copies.`);
  return exitCodes.ok;
};
