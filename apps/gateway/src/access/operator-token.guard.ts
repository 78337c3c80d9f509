import { createHash, timingSafeEqual } from 'node:crypto';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '@muster/kernel';
import type { HttpRequest } from '@muster/service';
import { CONFIG } from '@muster/service';
import type { GatewayConfig } from '../gateway.config.js';
import { OPEN_ROUTE } from './open-route.decorator.js';

/** RFC 9110 section 11.1: the scheme's case does not matter. */
const BEARER = /^Bearer ([A-Za-z0-9_-]{20,128})$/i;

/** Lets a request through to an open route, or with the operator's bearer token (RFC 6750). */
@Injectable()
export class OperatorTokenGuard implements CanActivate {
  private readonly expectedHash: Buffer;

  constructor(
    @Inject(CONFIG) config: GatewayConfig,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {
    this.expectedHash = Buffer.from(config.operatorTokenHash, 'base64url');
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true; // NATS has its own credentials and permissions
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN_ROUTE, [context.getHandler(), context.getClass()]) === true) return true;
    const { authorization } = context.switchToHttp().getRequest<HttpRequest>().headers;
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new Problem('unauthorized', 'Send the operator token as a bearer token.');
    if (!timingSafeEqual(createHash('sha256').update(token).digest(), this.expectedHash)) throw new Problem('unauthorized', 'The operator token is not the one of this host.');
    return true;
  }
}
