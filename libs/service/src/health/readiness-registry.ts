export interface CheckResult {
  /** `warn`: usable, but somebody should look. */
  readonly status: 'up' | 'down' | 'warn';
  readonly detail?: string;
}

export type Check = () => CheckResult | Promise<CheckResult>;

export interface NamedCheckResult extends CheckResult {
  readonly name: string;
}

export interface Readiness {
  readonly status: 'ready' | 'not-ready';
  readonly checks: readonly NamedCheckResult[];
}

const CHECK_TIMEOUT_MS = 2000; // a probe that itself times out says less than one that names what hangs
const READY_KEPT_MS = 1000; // many probes a second cost one round of checks
const NOT_READY_KEPT_MS = 100; // whoever waits for a start asks as often, and is not to wait on for what is long over

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function withinTimeout(check: Check): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'down', detail: `no answer within ${CHECK_TIMEOUT_MS} ms` }), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([(async () => check())(), expired]);
  } catch (error) {
    return { status: 'down', detail: reasonOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Collects what must be up for this service to be of use. A check answers; a check that throws is down with its message. */
export class ReadinessRegistry {
  readonly #checks = new Map<string, Check>();
  #cached: { untilMs: number; readonly readiness: Promise<Readiness> } | undefined;
  #stopping = false;

  /** Adds a check under a name of its own; returns how to remove it. */
  register(name: string, check: Check): () => void {
    if (this.#checks.has(name)) throw new Error(`a readiness check named ${name} is registered already`);
    this.#checks.set(name, check);
    this.#cached = undefined;
    return () => {
      this.#checks.delete(name);
      this.#cached = undefined;
    };
  }

  /** From now on the answer is "not ready", so that nobody sends more work here. */
  stop(): void {
    this.#stopping = true;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Never rejects; at most a second old, and much less while it is not ready. */
  async readiness(): Promise<Readiness> {
    if (this.#stopping) return { status: 'not-ready', checks: [{ name: 'service', status: 'down', detail: 'stopping' }] };
    if (this.#cached === undefined || this.#cached.untilMs <= performance.now()) this.#cached = this.#ask();
    return this.#cached.readiness;
  }

  #ask() {
    const askedAtMs = performance.now();
    const asked = { untilMs: Number.POSITIVE_INFINITY, readiness: this.#evaluate() };
    // Nobody asks again while the answer is not there; a check that hangs is given up in time.
    void asked.readiness.then(({ status }) => (asked.untilMs = askedAtMs + (status === 'ready' ? READY_KEPT_MS : NOT_READY_KEPT_MS)));
    return asked;
  }

  async #evaluate(): Promise<Readiness> {
    const checks = await Promise.all([...this.#checks].map(async ([name, check]) => ({ name, ...(await withinTimeout(check)) })));
    return { status: checks.some(({ status }) => status === 'down') ? 'not-ready' : 'ready', checks };
  }
}
