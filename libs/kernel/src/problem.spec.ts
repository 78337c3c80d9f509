import { isProblem, isProblemKind, Problem, problemCatalogue } from './index.js';

describe('the problem catalogue', () => {
  it('gives a problem the retry delay of its kind unless told otherwise', () => {
    expect(new Problem('unavailable', 'NATS is away').retryAfterSeconds).toBe(2);
    expect(new Problem('unavailable', 'NATS is away', { retryAfterSeconds: 9 }).retryAfterSeconds).toBe(9);
    expect(new Problem('unknown-product', 'acme.toaster').retryAfterSeconds).toBeUndefined();
  });

  it('tells problems from other errors, and one kind from another', () => {
    expect(isProblem(new Error('boom'))).toBe(false);
    expect(isProblem(new Problem('internal', 'x'), 'internal')).toBe(true);
    expect(isProblem(new Problem('internal', 'x'), 'unavailable')).toBe(false);
  });

  it('knows its kinds, and none from the prototype', () => {
    expect(Object.keys(problemCatalogue).every(isProblemKind)).toBe(true);
    expect(isProblemKind('toString')).toBe(false);
  });

  it('names kinds in kebab case, since they are part of URLs', () => {
    for (const kind of Object.keys(problemCatalogue)) expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});
