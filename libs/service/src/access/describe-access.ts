import type { INestApplication } from '@nestjs/common';
import { listRoutes } from './list-routes.js';

/** The part of an OpenAPI document that this touches. */
interface Operation {
  security?: object[];
  responses: Record<string, unknown>;
  'x-muster-roles'?: readonly string[];
}

interface ApiDocument {
  readonly paths: Readonly<Record<string, object>>;
}

const problem = (description: string): object => ({ description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } });

const UNAUTHORIZED = problem('`unauthorized`: A valid access token is needed');
const FORBIDDEN = '`forbidden`: The role of the token may not do this, or it came unencrypted from elsewhere';

const templateOf = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

const withForbidden = (described: unknown): object => {
  if (described === undefined) return problem(FORBIDDEN);
  const response = described as { readonly description: string };
  return { ...response, description: `${FORBIDDEN}; ${response.description}` };
};

/**
 * Writes into an OpenAPI document what the guard does: for a closed route its security, its roles as `x-muster-roles`, and the answers 401 and 403.
 * The guard and the document read the same declarations, so neither can say what the other does not do.
 *
 * @param scheme name of the bearer scheme in the document's components
 */
export const describeAccess = (app: INestApplication, document: ApiDocument, scheme = 'bearer'): void => {
  for (const { method, path, access } of listRoutes(app)) {
    const operation = (document.paths[templateOf(path)] as Record<string, Operation> | undefined)?.[method.toLowerCase()];
    if (operation === undefined) continue;
    if (access?.kind !== 'roles') {
      delete operation.security;
      continue;
    }
    operation.security = [{ [scheme]: [] }];
    operation['x-muster-roles'] = access.allowed;
    operation.responses = { ...operation.responses, 401: UNAUTHORIZED, 403: withForbidden(operation.responses['403']) };
  }
};
