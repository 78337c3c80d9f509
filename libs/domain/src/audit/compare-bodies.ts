type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** One field whose values differ. */
export interface FieldDifference {
  readonly path: string;
  readonly recorded: unknown;
  readonly derived: unknown;
}

/** Every leaf in which two bodies differ; an absent member is `undefined`. */
export const compareBodies = (recorded: unknown, derived: unknown, path = ''): readonly FieldDifference[] => {
  if (Object.is(recorded, derived)) return [];
  if (!isMembers(recorded) || !isMembers(derived) || Array.isArray(recorded) !== Array.isArray(derived)) return [{ path, recorded, derived }];
  const names = new Set([...Object.keys(recorded), ...Object.keys(derived)]);
  return [...names].flatMap((name) => compareBodies(recorded[name], derived[name], path === '' ? name : `${path}.${name}`));
};
