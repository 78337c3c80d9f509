import type { Actor, Role } from '@muster/contracts';
import type { HttpRequest } from '../http/http-message.js';

/** Who asks, without personal data: the token that was presented. */
export interface Caller {
  readonly tokenId: string;
  readonly role: Role;
}

const callers = new WeakMap<HttpRequest, Caller>();

/** For the guard. */
export const rememberCaller = (request: HttpRequest, caller: Caller): void => void callers.set(request, caller);

/** Who asks at a closed route. @throws Error at an open one, where nobody is asked who they are */
export const callerOf = (request: HttpRequest): Caller => {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('nobody was asked for a token here: is the route open?');
  return caller;
};

/** How the caller of a closed route stands in the ledger: `operator:<token id>`. */
export const actorOf = (request: HttpRequest): Actor => `operator:${callerOf(request).tokenId}`;
