import type { ProblemKind } from '@muster/kernel';
import { problemCatalogue } from '@muster/kernel';
import { statusOf } from '../http/problem-status.js';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

const describe = (kinds: readonly ProblemKind[]): string => kinds.map((kind) => `\`${kind}\`: ${problemCatalogue[kind].title}`).join('; ');

/** Documents the problems that a route answers with, one response for each status. */
export const ApiProblems = (...kinds: readonly ProblemKind[]): MethodDecorator => {
  const statuses = [...new Set(kinds.map(statusOf))];
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: describe(kinds.filter((kind) => statusOf(kind) === status)),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );
};
