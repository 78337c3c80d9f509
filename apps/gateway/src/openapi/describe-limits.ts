import { problemCatalogue } from '@muster/kernel';
import { statusOf } from '@muster/service';
import type { OpenAPIObject } from '@nestjs/swagger';

/** Supervisors may always ask. */
const UNLIMITED: ReadonlySet<string> = new Set(['/livez', '/readyz']);

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Writes into the document what the limit by address does at every route but those of the supervisors. */
export const describeLimits = (document: OpenAPIObject): void => {
  const limited = {
    description: `\`rate-limited\`: ${problemCatalogue['rate-limited'].title}; Retry-After says when to come back`,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const [path, item] of Object.entries(document.paths)) {
    if (UNLIMITED.has(path)) continue;
    for (const method of METHODS) {
      const operation = item[method];
      if (operation !== undefined) operation.responses = { ...operation.responses, [statusOf('rate-limited')]: limited };
    }
  }
};
