import type { Role } from '@muster/contracts';
import { OPEN_ROUTE } from '../http/open-route.decorator.js';
import { rolesAllowed } from './role-rule.js';
import { ROLES } from './roles.decorator.js';

/** Who may ask: anybody, or who holds a token of one of these roles. `named` are the ones the route names, `allowed` all that follow from them. */
export type RouteAccess = { readonly kind: 'open' } | { readonly kind: 'roles'; readonly named: readonly Role[]; readonly allowed: readonly Role[] };

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- what Nest hands out: handlers and classes
type Decorated = Function;

const open: RouteAccess = { kind: 'open' };
const known = new WeakMap<Decorated, RouteAccess | null>();

const declaredAt = (target: Decorated): RouteAccess | null => {
  const named = Reflect.getMetadata(ROLES, target) as readonly Role[] | undefined;
  const isOpen = Reflect.getMetadata(OPEN_ROUTE, target) === true;
  if (isOpen && named !== undefined) throw new Error(`${target.name} says that it is open, and that it needs a role`);
  if (isOpen) return open;
  return named === undefined ? null : { kind: 'roles', named, allowed: rolesAllowed(named) };
};

const accessAt = (target: Decorated): RouteAccess | null => {
  const found = known.get(target);
  if (found !== undefined) return found;
  const declared = declaredAt(target);
  known.set(target, declared);
  return declared;
};

/** What a route declares, at its method or else at its controller; null when neither says anything. Costs a look into a map after the first time. */
export const routeAccess = (handler: Decorated, controller: Decorated): RouteAccess | null => accessAt(handler) ?? accessAt(controller);
