import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard, TOKEN_IDENTIFIER } from './access.guard.js';
import type { TokenIdentifier } from './token-identifier.js';

type IdentifierFactory = Pick<FactoryProvider<TokenIdentifier>, 'useFactory' | 'inject'> & Pick<DynamicModule, 'imports'>;

/** Closes every route of an app that does not say who may ask. What it asks about tokens is the app's to give; what it says is remembered for a moment. */
@Module({})
export class AccessModule {
  static forRoot({ useFactory, inject = [], imports = [] }: IdentifierFactory): DynamicModule {
    return {
      module: AccessModule,
      imports,
      providers: [{ provide: TOKEN_IDENTIFIER, useFactory, inject }, AccessGuard, { provide: APP_GUARD, useExisting: AccessGuard }],
    };
  }
}
