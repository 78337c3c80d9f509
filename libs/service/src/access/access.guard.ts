import { Problem, toInstant } from '@muster/kernel';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { ServiceClock } from '../clock/service-clock.js';
import type { HttpRequest } from '../http/http-message.js';
import { traceOf } from '../http/trace.js';
import { CLOCK } from '../tokens.js';
import { rememberCaller } from './caller.js';
import { isPrivate } from './private-transport.js';
import { routeAccess } from './route-access.js';
import { hashOfToken, type TokenIdentifier } from './token-identifier.js';

/** Injects the `TokenIdentifier` that the guard asks. */
export const TOKEN_IDENTIFIER = Symbol('muster.token-identifier');

/** RFC 9110 section 11.1: the scheme's case does not matter. */
const BEARER = /^Bearer ([A-Za-z0-9_-]{20,128})$/i;

const tokenOf = ({ headers: { authorization } }: HttpRequest): string => {
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new Problem('unauthorized', 'Send an access token as a bearer token.');
  return token;
};

/** Lets a request through to an open route, or with a bearer token (RFC 6750) of a role that the route admits. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(TOKEN_IDENTIFIER) private readonly identifier: TokenIdentifier,
    @Inject(CLOCK) private readonly clock: ServiceClock,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http') return true; // NATS has its own credentials and permissions
    const access = routeAccess(context.getHandler(), context.getClass());
    if (access?.kind === 'open') return true;
    if (access === null) throw new Problem('forbidden', 'Nobody may ask this.'); // not reached: such an app does not start
    return this.admit(context.switchToHttp().getRequest<HttpRequest>(), access);
  }

  private async admit(request: HttpRequest, { named, allowed }: { readonly named: readonly string[]; readonly allowed: readonly string[] }): Promise<true> {
    if (!isPrivate(request)) {
      throw new Problem('forbidden', 'Administration is answered over TLS, or on the loopback of the host itself; a token sent here without is to be revoked. Use https, or a proxy that ends TLS.', {
        extensions: { remedy: 'tls' },
      });
    }
    const identification = await this.identifier.identify(hashOfToken(tokenOf(request)), traceOf(request).traceparent);
    if (identification.status === 'unknown') throw new Problem('unauthorized', 'The access token is not one of this deployment.');
    if (identification.status === 'revoked') throw new Problem('unauthorized', 'The access token was revoked.');
    const { tokenId, role, expiresAtMs } = identification;
    if (expiresAtMs !== null && this.clock.nowMs() >= expiresAtMs) throw new Problem('unauthorized', `The access token ended at ${toInstant(expiresAtMs)}.`);
    if (!allowed.includes(role)) {
      throw new Problem('forbidden', `This takes the role ${named.join(' or ')}; the token's is ${role}.`, { extensions: { role, requiredRole: named.join(' ') } });
    }
    rememberCaller(request, { tokenId, role });
    return true;
  }
}
