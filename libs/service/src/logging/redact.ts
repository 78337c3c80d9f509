const DEPTH_MAX = 6; // deeper than anything worth logging, and a bound for cyclic objects
const CENSORED = '[redacted]';
const CUT = '[too deep]';

/** The last word of a name says what it holds: `natsPassword`, `operator_token`, `lease`, but not `leaseId` or `keyboard`. */
const SECRET_NAME = /(?:^|[^a-z])(?:passwords?|tokens?|secrets?|keys?|authorization|cookie|leases?|jws|jwt)$/;

const words = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();

const isSecretName = (name: string): boolean => SECRET_NAME.test(words(name));

/** URLs carry user names and passwords: `nats://user:password@host`. */
const redactText = (text: string): string => (text.includes('://') ? text.replace(/:\/\/[^/\s@]*@/g, `://${CENSORED}@`) : text);

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return CUT;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return isPlain(value) ? redactFields(value as Readonly<Record<string, unknown>>, depth + 1) : value;
}

/** A copy without what should not be in a log: fields named like secrets, and credentials in URLs. Objects with a class of their own are left alone. */
export function redactFields(fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, isSecretName(name) ? CENSORED : redactValue(value, depth)]));
}
