import type { INestApplication } from '@nestjs/common';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { type RouteAccess, routeAccess } from './route-access.js';

export interface DeclaredRoute {
  /** Upper case. */
  readonly method: string;
  /** As Nest has it: `/v1/pools/:pool/count`. */
  readonly path: string;
  /** `PoolsController.count`, for whoever has to mend it. */
  readonly name: string;
  readonly controller: string;
  readonly access: RouteAccess | null;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- what Nest hands out
type Decorated = Function;

const pathsAt = (target: Decorated): readonly string[] => [Reflect.getMetadata(PATH_METADATA, target) as string | readonly string[] | undefined].flat().map((path) => path ?? '');

const join = (prefix: string, path: string): string => `/${[prefix, path].flatMap((part) => part.split('/')).filter((part) => part !== '').join('/')}`;

const routesOf = (controller: Decorated, scanner: MetadataScanner): readonly DeclaredRoute[] => {
  const prototype = controller.prototype as Record<string, Decorated>;
  return scanner.getAllMethodNames(prototype).flatMap((method) => {
    const handler = prototype[method];
    const verb = handler === undefined ? undefined : (Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined);
    if (handler === undefined || verb === undefined) return [];
    const access = routeAccess(handler, controller);
    return pathsAt(controller).flatMap((prefix) =>
      pathsAt(handler).map((path) => ({ method: RequestMethod[verb], path: join(prefix, path), name: `${controller.name}.${method}`, controller: controller.name, access })),
    );
  });
};

/** Every HTTP route of an app's controllers, with who may ask. Message handlers are not among them. */
export const listRoutes = (app: INestApplication): readonly DeclaredRoute[] => {
  const scanner = new MetadataScanner();
  const controllers = new Set([...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()].map(({ metatype }) => metatype)));
  return [...controllers].flatMap((controller) => (controller === null ? [] : routesOf(controller, scanner)));
};
