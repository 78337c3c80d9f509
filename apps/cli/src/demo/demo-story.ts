/** One request of the demonstration, and what the host must answer. */
export interface DemoRequest {
  readonly hostname: string;
  readonly product: string;
  readonly virtual: boolean;
  readonly expected: { readonly outcome: 'granted' | 'deferred'; readonly count: number; readonly threshold: number };
}

export interface DemoChapter {
  readonly title: string;
  readonly requests: readonly DemoRequest[];
}

export const SERVER = { product: 'acme.server', threshold: 5 } as const;
export const WORKSTATION = { product: 'acme.workstation', threshold: 25 } as const;

const numbered = (prefix: string, from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}-${String(from + index).padStart(2, '0')}`);

const ask = (hostname: string, kind: typeof SERVER | typeof WORKSTATION, count: number): DemoRequest => ({
  hostname,
  product: kind.product,
  virtual: hostname.startsWith('vm'),
  expected: { outcome: count >= kind.threshold ? 'granted' : 'deferred', count, threshold: kind.threshold },
});

/** The rise of a count from nothing to both thresholds, request by request. It needs a pool in which nobody is counted. */
export const demoStory: readonly DemoChapter[] = [
  { title: 'Workstations muster. Each is counted; four are not enough', requests: numbered('ws', 1, 4).map((name, index) => ask(name, WORKSTATION, index + 1)) },
  { title: 'The fifth machine is a server: five are enough for servers, so it gets a lease while the workstations wait', requests: [ask('srv-01', SERVER, 5)] },
  { title: 'A machine that asks twice is counted once', requests: [ask('ws-01', WORKSTATION, 5)] },
  {
    title: 'Virtual machines do not move the count; they are served once enough physical ones have mustered',
    requests: [ask('vm-01', WORKSTATION, 5), ask('vm-02', WORKSTATION, 5), ask('vm-srv-01', SERVER, 5)],
  },
  { title: 'More workstations, up to one below their threshold', requests: numbered('ws', 5, 23).map((name, index) => ask(name, WORKSTATION, 6 + index)) },
  { title: 'The twenty-fifth counted machine opens it for workstations', requests: [ask('ws-24', WORKSTATION, 25)] },
  { title: 'Everybody who waits asks again: now all have a lease', requests: [...numbered('ws', 1, 23), 'vm-01', 'vm-02'].map((name) => ask(name, WORKSTATION, 25)) },
];
