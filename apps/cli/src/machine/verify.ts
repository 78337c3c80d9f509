import { SECOND_MS, toInstant } from '@muster/kernel';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { machineDirectory, openMachines, requireMachine, type MachineOptions } from './machine-place.js';

/** Verifies each lease offline, with the vendor's root key alone; answers `notActivated` unless all are good now. */
export const verifyMachine = async (options: MachineOptions, terminal: Terminal): Promise<ExitCode> => {
  const directory = machineDirectory(options);
  await requireMachine(directory);
  let good = true;
  const results: object[] = [];
  for (const { machine, product, root } of await openMachines(options, directory)) {
    const verification = await machine.verify();
    good &&= verification.verified;
    results.push({ product, root: root.file, ...verification });
    if (terminal.json) continue;
    if (verification.verified && verification.permanent) {
      const { claims } = verification;
      terminal.data(`${product}  verified: permanent lease ${claims.jti} of ${toInstant(claims.iat * SECOND_MS)}, vendor ${claims.iss}, for ${claims.organisation} (${root.file})`);
    } else if (verification.verified) {
      const { claims, certificate } = verification;
      terminal.data(`${product}  verified: lease ${claims.jti} until ${toInstant(claims.exp * SECOND_MS)}, host ${claims.iss} of ${certificate.organisation}, position ${claims.position} (${root.file})`);
    } else terminal.data(`${product}  not verified: ${verification.detail} (${verification.reason})`);
  }
  if (terminal.json) terminal.data(JSON.stringify(results));
  return good ? exitCodes.ok : exitCodes.notActivated;
};
