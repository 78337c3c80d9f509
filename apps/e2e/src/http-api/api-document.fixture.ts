import type { HostApi } from '../host/host-api.js';
import { jsonOf } from '../host/host-api.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: unknown;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: object };
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> }>>;
  readonly security?: readonly object[];
}

interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: object; readonly securitySchemes: object };
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

const read = async (api: HostApi): Promise<ApiDocument> => jsonOf(await api.call('/openapi.json')) as ApiDocument;

const operationsOf = ({ paths }: ApiDocument) => Object.entries(paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation })));

/** Every `$ref` anywhere in the document. */
const referencesIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === '$ref' && typeof member === 'string' ? [member] : referencesIn(member)));
};

const resolve = (document: unknown, pointer: string): unknown =>
  pointer
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);

/** What the OpenAPI 3.1.0 specification asks of a document (sections 4.8.1, 4.8.8, 4.8.10, 4.8.12, 4.8.16), and that the host is what it describes. */
export const describeApiDocument = (api: () => HostApi): void => {
  describe('the OpenAPI document', () => {
    it('is of version 3.1, and each of its references leads somewhere', async () => {
      const document = await read(api());
      expect(document.openapi).toMatch(/^3\.1\.\d+$/);
      expect(document.info).toMatchObject({ title: expect.any(String) as string, version: expect.any(String) as string });
      for (const reference of referencesIn(document)) {
        expect(reference).toMatch(/^#\//);
        expect(resolve(document, reference)).toBeDefined();
      }
    });

    it('describes each operation: parameters of its path, bodies, answers', async () => {
      for (const { path, method, operation } of operationsOf(await read(api()))) {
        expect(METHODS).toContain(method);
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
        expect(declared.map(({ name }) => name).sort()).toEqual(inPath.sort());
        expect(declared.every(({ required }) => required === true)).toBe(true);
        expect((operation.parameters ?? []).every(({ schema }) => schema !== undefined)).toBe(true);
        const statuses = Object.keys(operation.responses);
        expect(statuses.length).toBeGreaterThan(0);
        for (const status of statuses) {
          expect(status).toMatch(/^([1-5]\d\d|[1-5]XX|default)$/);
          expect(operation.responses[status]?.description).toEqual(expect.any(String));
        }
      }
    });

    it('names the routes that there are, and each of them answers as described', async () => {
      const document = await read(api());
      expect(Object.keys(document.paths).sort()).toEqual(
        expect.arrayContaining(['/.well-known/jwks.json', '/v1/activations', '/v1/events', '/v1/host', '/v1/pools', '/v1/pools/{pool}/count', '/v1/replays', '/v1/statistics', '/v1/time-steps']),
      );
      for (const { path, method, operation } of operationsOf(document)) {
        const body = operation.requestBody === undefined ? {} : { body: 'not a request', headers: { 'content-type': Object.keys(operation.requestBody.content)[0] ?? '' } };
        const { status, headers } = await api().operatorCall(path.replace('{pool}', 'acme'), { method: method.toUpperCase(), ...body });
        const described = operation.responses[String(status)];
        expect([path, method, status, described !== undefined]).toEqual([path, method, status, true]);
        const types = Object.keys(described?.content ?? {});
        if (types.length > 0) expect(types).toContain((headers.get('content-type') ?? '').split(';', 1)[0]);
      }
    });

    it('says of each operation whether it wants the token', async () => {
      for (const { path, method, operation } of operationsOf(await read(api()))) {
        const { status } = await api().call(path.replace('{pool}', 'acme'), { method: method.toUpperCase() });
        expect([path, method, status === 401]).toEqual([path, method, (operation.security ?? []).length > 0]);
      }
    });
  });
};
