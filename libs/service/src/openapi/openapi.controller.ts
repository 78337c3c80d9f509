import { Controller, Get } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiExcludeController } from '@nestjs/swagger';
import { OpenRoute } from '../http/open-route.decorator.js';

@Controller('openapi.json')
@ApiExcludeController()
export class OpenApiController {
  document: OpenAPIObject | undefined;

  @Get()
  @OpenRoute()
  read(): OpenAPIObject | undefined {
    return this.document;
  }
}
