import { Problem, problemCatalogue, type ProblemKind } from '@muster/kernel';
import { decodeProblem, encodeProblem, toProblem } from './problem-codec.js';

const kinds = Object.keys(problemCatalogue) as ProblemKind[];

describe('a problem on the wire', () => {
  it.each(kinds)('%s comes out as it went in', (kind) => {
    const problem = new Problem(kind, 'why', { retryAfterSeconds: 7, extensions: { serverTime: 'now', limit: 3, retried: false } });
    const decoded = decodeProblem(kind, encodeProblem(problem));
    expect({ ...decoded }).toEqual({ ...problem });
    expect(decoded).toBeInstanceOf(Problem);
  });

  it('keeps the kind when the body is missing, broken or of other types', () => {
    for (const body of ['', 'null', '[1]', '{', '{"detail":5,"retryAfterSeconds":"soon","extensions":[{}]}', '{"extensions":{"nested":{"a":1}}}']) {
      expect({ ...decodeProblem('unknown-product', body) }).toEqual({ ...new Problem('unknown-product', '') });
    }
  });

  it('makes an unknown kind internal, also one from the prototype', () => {
    expect(decodeProblem('from-the-future', '{"detail":"x"}')).toMatchObject({ kind: 'internal' });
    expect(decodeProblem('toString', '{}')).toMatchObject({ kind: 'internal' });
  });

  it('tells a caller nothing of an unexpected error', () => {
    expect(encodeProblem(toProblem(new Error('password=hunter2')))).toBe('{"kind":"internal","detail":"","extensions":{}}');
  });
});
