import { installedBinary } from '../debian/installed-binary.js';

/** BIND's programs: the server, its key maker, and the tools that tests hold our own DNS against. */
export interface NamedPrograms {
  readonly named: string;
  readonly tsigKeygen: string;
  readonly dig: string;
  readonly nsupdate: string;
}

/** Finds BIND as Debian's `bind9` and `bind9-dnsutils` install it; throws with the remedy when a program is missing. */
export function findNamed(): NamedPrograms {
  const find = (program: string): string => {
    const path = installedBinary(program);
    if (path === undefined) throw new Error(`${program} is not installed: apt-get install bind9 bind9-dnsutils`);
    return path;
  };
  return { named: find('named'), tsigKeygen: find('tsig-keygen'), dig: find('dig'), nsupdate: find('nsupdate') };
}
