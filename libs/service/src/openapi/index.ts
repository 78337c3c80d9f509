export { ApiJsonBody } from './api-json-body.decorator.js';
export { ApiProblems } from './api-problems.decorator.js';
export { type ApiOutline, describeApi } from './describe-api.js';
export { OpenApiController } from './openapi.controller.js';
