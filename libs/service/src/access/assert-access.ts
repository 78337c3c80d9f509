import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { HealthController } from '../health/health.controller.js';
import { AccessGuard } from './access.guard.js';
import { listRoutes } from './list-routes.js';

const isGuarded = (app: INestApplication): boolean => [...app.get(ModulesContainer).values()].some((module) => module.providers.has(AccessGuard));

/**
 * Denies by default: an app does not start with a route that nobody decided about, or with a closed route and nothing that asks for tokens.
 *
 * A service without a guard has nothing of its own over HTTP; its health routes, the measurements among them, are for the network it stands in.
 *
 * @throws Error naming the routes
 */
export const assertAccessDeclared = (app: INestApplication): void => {
  const routes = listRoutes(app);
  const undeclared = routes.filter(({ access }) => access === null);
  if (undeclared.length > 0) {
    throw new Error(`these routes say neither @Roles(…) nor @OpenRoute(): ${undeclared.map(({ method, path, name }) => `${method} ${path} (${name})`).join(', ')}`);
  }
  if (isGuarded(app)) return;
  const unguarded = routes.filter(({ access, controller }) => access?.kind === 'roles' && controller !== HealthController.name);
  if (unguarded.length > 0) throw new Error(`these routes need a role, and no AccessModule asks for one: ${unguarded.map(({ name }) => name).join(', ')}`);
};
