import { problemDocumentSchema } from '@muster/contracts';
import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeAccess } from '../access/describe-access.js';
import { describeLimits } from '../limits/describe-limits.js';
import { jsonSchemaOf } from './json-schema.js';
import { OpenApiController } from './openapi.controller.js';

export interface ApiOutline {
  readonly title: string;
  readonly description: string;
}

const buildDocument = (app: INestApplication, { title, description }: ApiOutline): OpenAPIObject => {
  const outline = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(title).setDescription(description).setVersion('1').addBearerAuth({ type: 'http', scheme: 'bearer' }).build();
  const document = SwaggerModule.createDocument(app, outline, { standardSchemaConverter: (schema, { schemaType }) => ({ schema: jsonSchemaOf(schema, schemaType) }) });
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: jsonSchemaOf(problemDocumentSchema, 'output') } };
  describeAccess(app, document);
  describeLimits(document);
  return document;
};

/**
 * Describes the assembled application in OpenAPI 3.1, from the schemas that its routes validate with and the roles that its guard asks for,
 * and hands the document to its route. For `beforeListen`, in a service whose module has the `OpenApiController`.
 */
export const describeApi =
  (outline: ApiOutline) =>
  (app: INestApplication): void => {
    app.get(OpenApiController).document = buildDocument(app, outline);
  };
