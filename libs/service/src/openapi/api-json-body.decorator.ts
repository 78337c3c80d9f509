import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { z } from 'zod';
import { JSON_TYPE } from '../http/json-body.js';
import { jsonSchemaOf } from './json-schema.js';

/** Documents a JSON body that the route reads with this schema. */
export const ApiJsonBody = (schema: z.ZodType): MethodDecorator => applyDecorators(ApiConsumes(JSON_TYPE), ApiBody({ schema: jsonSchemaOf(schema, 'input') }));
