import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { z } from 'zod';
import { JSON_TYPE } from '../body/request-body.js';

type BodySchema = Extract<Parameters<typeof ApiBody>[0], { readonly schema: unknown }>['schema'];

/** Documents the body of an administrator's order by the schema that reads it. */
export const ApiOrder = (schema: z.ZodType): MethodDecorator => {
  const { $schema: _dialect, ...body } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return applyDecorators(ApiConsumes(JSON_TYPE), ApiBody({ schema: body as BodySchema }));
};
