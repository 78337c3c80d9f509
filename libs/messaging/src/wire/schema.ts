interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The part of a zod schema that reading an answer needs. */
export interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };
}

/** `/machine/virtual: expected boolean`: the first thing that is wrong, as a JSON pointer (RFC 6901) and its reason. */
export function firstIssue(issues: readonly SchemaIssue[]): string {
  const issue = issues[0];
  if (issue === undefined) return 'not of the schema';
  const pointer = issue.path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return `${pointer === '' ? '(root)' : pointer}: ${issue.message}`;
}
