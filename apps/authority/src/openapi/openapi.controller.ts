import { OpenRoute } from '@muster/service';
import { Controller, Get } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiExcludeController } from '@nestjs/swagger';

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
