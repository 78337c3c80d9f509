import { z } from 'zod';

/** A schema of ours as OpenAPI 3.1 has it. */
export const jsonSchemaOf = (schema: unknown, io: 'input' | 'output'): object => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema as z.ZodType, { io, unrepresentable: 'any' });
  return rest;
};
