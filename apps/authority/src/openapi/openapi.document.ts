import { problemDocumentSchema } from '@muster/contracts';
import { describeAccess, describeLimits } from '@muster/service';
import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { jsonSchemaOf } from './json-schema.js';
import { OpenApiController } from './openapi.controller.js';

const buildDocument = (app: INestApplication): OpenAPIObject => {
  const outline = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Muster authority')
    .setDescription("The vendor's side: activation keys, activations of hosts and of machines, revocations. A key stands in bodies only; everything but the open routes needs an access token.")
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .build();
  const document = SwaggerModule.createDocument(app, outline, { standardSchemaConverter: (schema, { schemaType }) => ({ schema: jsonSchemaOf(schema, schemaType) }) });
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: jsonSchemaOf(problemDocumentSchema, 'output') } };
  describeAccess(app, document);
  describeLimits(document);
  return document;
};

/** Hands the document of the assembled application to its route. */
export const describeApi = (app: INestApplication): void => {
  app.get(OpenApiController).document = buildDocument(app);
};
