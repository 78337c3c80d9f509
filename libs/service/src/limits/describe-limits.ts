import { problemCatalogue } from '@muster/kernel';
import { statusOf } from '../http/problem-status.js';

/** Supervisors may always ask. */
const UNLIMITED: ReadonlySet<string> = new Set(['/livez', '/readyz']);

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** The part of an OpenAPI document that this touches. */
interface ApiDocument {
  readonly paths: Readonly<Record<string, object>>;
}

/** Writes into the document what the limit by address does at every route but those of the supervisors. */
export const describeLimits = (document: ApiDocument): void => {
  const limited = {
    description: `\`rate-limited\`: ${problemCatalogue['rate-limited'].title}; Retry-After says when to come back`,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const [path, item] of Object.entries(document.paths)) {
    if (UNLIMITED.has(path)) continue;
    for (const method of METHODS) {
      const operation = (item as Partial<Record<string, { responses: Record<string, unknown> }>>)[method];
      if (operation !== undefined) operation.responses = { ...operation.responses, [statusOf('rate-limited')]: limited };
    }
  }
};
