import { problemDocumentSchema } from '@muster/contracts';
import { describeAccess, describeLimits } from '@muster/service';
import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { OpenApiController } from './openapi.controller.js';

const jsonSchemaOf = (schema: unknown, io: 'input' | 'output'): object => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema as z.ZodType, { io, unrepresentable: 'any' });
  return rest;
};

/** OpenAPI 3.1 of the gateway, from the schemas that the routes validate with. */
export const buildDocument = (app: INestApplication): OpenAPIObject => {
  const outline = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Muster activation host')
    .setDescription('Volume activation for your own software. Requests are signed by the machine; everything else but the open routes needs an access token of a role that `x-muster-roles` names.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .build();
  const document = SwaggerModule.createDocument(app, outline, {
    standardSchemaConverter: (schema, { schemaType }) => ({ schema: jsonSchemaOf(schema, schemaType) }),
  });
  describeAccess(app, document);
  describeLimits(document);
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: jsonSchemaOf(problemDocumentSchema, 'output') } };
  return document;
};

/** Hands the document of the assembled application to its route. */
export const describeApi = (app: INestApplication): void => {
  app.get(OpenApiController).document = buildDocument(app);
};
