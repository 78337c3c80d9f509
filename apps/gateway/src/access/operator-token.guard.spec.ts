import { createHash } from 'node:crypto';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { isProblem } from '@muster/kernel';
import { OpenRoute } from '@muster/service';
import type { GatewayConfig } from '../gateway.config.js';
import { OperatorTokenGuard } from './operator-token.guard.js';

const TOKEN = 'a-token-that-only-the-operator-has-0123456789';

class Routes {
  @OpenRoute()
  open(): void {
    return undefined;
  }

  closed(): void {
    return undefined;
  }
}

const config = { operatorTokenHash: createHash('sha256').update(TOKEN).digest('base64url') } as GatewayConfig;
const guard = new OperatorTokenGuard(config, new Reflector());

const contextOf = (route: keyof Routes, authorization?: string, type = 'http'): ExecutionContext =>
  ({
    getType: () => type,
     
    getHandler: () => Routes.prototype[route],
    getClass: () => Routes,
    switchToHttp: () => ({ getRequest: () => ({ headers: { authorization } }) }),
  }) as unknown as ExecutionContext;

const refused = (context: ExecutionContext): boolean => {
  try {
    return !guard.canActivate(context);
  } catch (error) {
    return isProblem(error, 'unauthorized');
  }
};

describe('a route', () => {
  it('needs the operator token unless it says that it is open', () => {
    expect(refused(contextOf('open'))).toBe(false);
    expect(refused(contextOf('closed'))).toBe(true);
    expect(refused(contextOf('closed', `Bearer ${TOKEN}`))).toBe(false);
  });

  it.each(['', 'Bearer', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN, 'Bearer short', `Bearer ${'x'.repeat(200)}`])('refuses "%s"', (authorization) => {
    expect(refused(contextOf('closed', authorization))).toBe(true);
  });

  it('does not ask messages on the bus for it: those have credentials of their own', () => {
    expect(refused(contextOf('closed', undefined, 'rpc'))).toBe(false);
  });
});
