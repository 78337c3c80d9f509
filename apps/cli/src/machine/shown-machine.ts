import type { LicenceStatus, MachineDirectory, MachineState, Method, ProductStatus } from '@muster/client';
import { toInstant } from '@muster/kernel';
import { durationWords } from '../terminal/words.js';
import { type HostSource, hostSource } from './host-source.js';
import { openMachines, requireMachine, type MachineOptions } from './machine-place.js';

const instantOf = (epochMs: number | null): string | null => (epochMs === null ? null : toInstant(epochMs));

/** One product, short and in full. */
export interface ShownProduct {
  readonly product: string;
  readonly status: LicenceStatus;
  readonly reason: string;
  readonly whatToDo: string;
  readonly expiresAt: string | null;
  readonly remainingSeconds: number | null;
  readonly method: Method;
  readonly permanent: boolean;
  /** The installed key by its last group. */
  readonly key: { readonly kind: 'setup' | 'multiple'; readonly ending: string } | null;
  readonly detail: {
    readonly leaseId: string | null;
    readonly issuedBy: string | null;
    readonly issuedAt: string | null;
    readonly renewAfterSeconds: number | null;
    readonly retryAfterSeconds: number | null;
    readonly drawnFor: string | null;
    readonly nextContact: string | null;
    readonly lastContact: (Omit<NonNullable<ProductStatus['lastContact']>, 'atMs'> & { readonly at: string }) | null;
    readonly lastInstallation: (Omit<NonNullable<ProductStatus['lastInstallation']>, 'atMs'> & { readonly at: string }) | null;
    readonly failing: { readonly rounds: number; readonly since: string } | null;
    readonly pendingRequestId: string | null;
    readonly rememberedHost: string | null;
    readonly clockSetBackSeconds: number;
  };
}

/** What `muster machine show` shows; its JSON is this object. */
export interface ShownMachine {
  readonly machine: string;
  readonly dir: string;
  readonly root: string;
  /** Those named, or those that DNS named last. */
  readonly hosts: readonly string[];
  readonly setByHand: boolean;
  /** How hosts are found by DNS; null where they are named. Without domains: in those of the machine itself. */
  readonly dns: { readonly domains: readonly string[] | null; readonly site: string | null; readonly foundAt: string | null } | null;
  readonly products: readonly ShownProduct[];
}

const withInstant = <Contact extends { readonly atMs: number }>(contact: Contact | null): (Omit<Contact, 'atMs'> & { readonly at: string }) | null => {
  if (contact === null) return null;
  const { atMs, ...said } = contact;
  return { at: toInstant(atMs), ...said };
};

const shownProduct = (status: ProductStatus, state: MachineState | undefined): ShownProduct => ({
  product: status.product,
  status: status.status,
  reason: status.reason,
  whatToDo: status.whatToDo,
  expiresAt: instantOf(status.expiresAtMs),
  remainingSeconds: status.remainingSeconds,
  method: status.method,
  permanent: status.permanent,
  key: status.key === null ? null : { kind: status.key.kind, ending: status.key.ending },
  detail: {
    leaseId: status.leaseId,
    issuedBy: state?.lease?.host ?? null,
    issuedAt: instantOf(state?.lease?.issuedAtMs ?? null),
    renewAfterSeconds: state?.renewAfterSeconds ?? null,
    retryAfterSeconds: state?.retryAfterSeconds ?? null,
    drawnFor: instantOf(state?.drawnForMs ?? null),
    nextContact: instantOf(status.nextContactMs),
    lastContact: withInstant(status.lastContact),
    lastInstallation: withInstant(status.lastInstallation),
    failing: status.failing === null ? null : { rounds: status.failing.rounds, since: toInstant(status.failing.sinceMs) },
    pendingRequestId: state?.wish?.requestId ?? null,
    rememberedHost: state?.host.remembered ?? null,
    clockSetBackSeconds: status.clockSetBackSeconds,
  },
});

const shownHosts = (source: HostSource, directory: MachineDirectory): Pick<ShownMachine, 'hosts' | 'dns'> => {
  if (source.by !== 'dns') return { hosts: source.hosts, dns: null };
  const { found } = directory.discovery();
  const { domains = null, site = null } = source.dns;
  return { hosts: found?.hosts.map(({ host }) => host) ?? [], dns: { domains, site, foundAt: instantOf(found?.atMs ?? null) } };
};

/** Looks at the machine without asking any host. */
export const lookAtMachine = async (options: MachineOptions, directory: MachineDirectory): Promise<ShownMachine> => {
  const id = await requireMachine(directory);
  const opened = await openMachines(options, directory);
  const products: ShownProduct[] = [];
  for (const { machine, product } of opened) products.push(shownProduct(await machine.status(), directory.load(product)));
  const root = opened[0]?.root.file ?? directory.rootFile;
  return { machine: id, dir: directory.path, root, ...shownHosts(hostSource(options, directory), directory), setByHand: directory.settings().hosts.length > 0, products };
};

/** `licensed until … (179 days left)`, `licensed, permanent`. */
export const standingWords = ({ status, reason, permanent, expiresAt, remainingSeconds }: ShownProduct): string => {
  if (permanent) return `${status}, permanent`;
  if (expiresAt === null) return `${status} (${reason})`;
  return remainingSeconds === 0 ? `${status} since ${expiresAt}` : `${status} until ${expiresAt} (${durationWords(remainingSeconds ?? 0)} left)`;
};
