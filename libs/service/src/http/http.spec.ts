import { Problem, problemCatalogue, type ProblemKind } from '@muster/kernel';
import { problemDocumentSchema } from '@muster/contracts';
import type { HttpRequest } from './http-message.js';
import { problemDocumentOf } from './problem-document.js';
import { statusOf } from './problem-status.js';
import { malformedRequest } from './problem-validation.pipe.js';
import { RouteTable } from './route-table.js';
import { traceOf } from './trace.js';

const kinds = Object.keys(problemCatalogue) as ProblemKind[];

describe('problem documents', () => {
  it.each(kinds)('%s is a document of the contract, with the status of its kind', (kind) => {
    const document = problemDocumentOf(new Problem(kind, 'why'), 'trace');
    expect(problemDocumentSchema.parse(document)).toEqual({
      type: `/problems/${kind}`,
      title: problemCatalogue[kind].title,
      status: statusOf(kind),
      detail: 'why',
      code: kind,
      traceId: 'trace',
      ...('retryAfterSeconds' in problemCatalogue[kind] ? { retryAfterSeconds: problemCatalogue[kind].retryAfterSeconds } : {}),
    });
  });

  it('says when to try again exactly where the catalogue does, and each of those is a 503 or 429', () => {
    for (const kind of kinds) if ('retryAfterSeconds' in problemCatalogue[kind]) expect([429, 503]).toContain(statusOf(kind));
  });

  it('lets no extension stand in the place of a standard member', () => {
    expect(problemDocumentOf(new Problem('wrong-host', 'x', { extensions: { status: 200, host: 'h' } }), 't')).toMatchObject({ status: 421, host: 'h' });
  });
});

describe('malformedRequest', () => {
  it('points at the first fault and names a few', () => {
    const issues = Array.from({ length: 9 }, (_, index) => ({ message: `wrong ${index}`, path: ['machine', index] }));
    const problem = malformedRequest(issues);
    expect(problem.extensions).toEqual({ pointer: '/machine/0' });
    expect(problem.detail.split('; ')).toHaveLength(5);
    expect(malformedRequest([{ message: 'bad', path: [] }], 'pool')).toMatchObject({ detail: '/pool: bad', extensions: { pointer: '/pool' } });
    expect(malformedRequest([{ message: 'bad' }])).toMatchObject({ detail: 'bad', extensions: {} });
  });
});

describe('RouteTable', () => {
  const routes = new RouteTable();
  routes.add(['GET', 'HEAD'], '/v1/pools');
  routes.add('GET', '/v1/pools/:pool/count');
  routes.add('POST', '/v1/activations');
  routes.add('GET', '/.well-known/jwks.json');

  it.each([
    ['/v1/pools', ['GET', 'HEAD']],
    ['/v1/pools/acme/count', ['GET']],
    ['/v1/pools//count', []],
    ['/v1/pools/a/b/count', []],
    ['/v1/activations/', ['POST']],
    ['/xwell-known/jwks.json', []],
    ['/', []],
  ])('%s takes %j', (path, methods) => {
    expect(routes.methodsOf(path)).toEqual(methods);
  });
});

describe('traceOf', () => {
  const requestWith = (traceparent?: string): HttpRequest => ({ method: 'GET', url: '/', ip: '::1', protocol: 'http', body: undefined, headers: traceparent === undefined ? {} : { traceparent } });

  it("goes on with the caller's trace", () => {
    const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(traceOf(requestWith(given))).toEqual({ traceId: '0af7651916cd43dd8448eb211c80319c', traceparent: given });
  });

  it('starts one for each request that brings none, or a broken one', () => {
    const request = requestWith('00-zz');
    expect(traceOf(request).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(traceOf(request)).toBe(traceOf(request));
    expect(traceOf(requestWith()).traceId).not.toBe(traceOf(requestWith()).traceId);
  });
});
