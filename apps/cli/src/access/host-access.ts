import type { RunFile } from '../data-dir/run-file.js';
import type { HostTrust } from './trusting-fetch.js';

/** How to reach a host, and as whom. */
export interface HostAccess {
  readonly url: string;
  /** Of the operator; undefined when none was found, which the open routes do not mind. */
  readonly token: string | undefined;
  /** What proves the host over TLS, beside what the system trusts. */
  readonly trust: HostTrust | undefined;
  /** What runs here, when the host is the one of a local data directory. */
  readonly local: LocalHost | undefined;
}

export interface LocalHost {
  readonly dataDir: string;
  readonly run: RunFile;
}

/** What the command line says of the host. */
export interface AccessOptions {
  readonly host?: string;
  readonly token?: string;
  readonly ca?: string;
  readonly data?: string;
}
