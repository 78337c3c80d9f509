import type { Command } from 'commander';
import { handled } from './handled.js';

export const addDoctorCommand = (program: Command): void => {
  program
    .command('doctor')
    .description('examine DNS, hosts, services and this machine, and say what to do (exit code 8 when there is something; it changes nothing)')
    .option('--domain <domain...>', 'where to look (those set by `machine set-domain`; MUSTER_DOMAIN; those of the registrar; else that of this machine)')
    .option('--site <site...>', 'sites to look at, beside those of the registrar')
    .option('--resolver <address...>', 'DNS server to ask, 192.0.2.1:53 (those of /etc/resolv.conf)')
    .option('--dir <dir>', "where the machine's key and leases are kept (MUSTER_MACHINE_DIR; else ~/.muster-machine)")
    .option('--root <file>', "the vendor's public root key, which hosts prove themselves by")
    .option('--host <address>', 'hosts to look at beside those in DNS, joined by commas; the first is asked as an administrator (those set on this machine; MUSTER_HOST; else the one that runs on --data)')
    .option('--token <token>', 'access token; better MUSTER_OPERATOR_TOKEN_FILE, which other users cannot see')
    .option('--ca <file>', 'certificates of the CA that hosts are proved by, beside those of the system (MUSTER_CA_FILE)')
    .option('--data <dir>', 'data directory of a local host (the nearest .muster, here or above)')
    .action(handled(async () => (await import('../doctor/doctor.js')).doctor));
};
