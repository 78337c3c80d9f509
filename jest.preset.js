import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';

const tool = (name) => join(import.meta.dirname, 'tools', name);

/** Jest's own choice leaves a core free, which of two is half the machine. */
const WORKERS = Math.max(2, availableParallelism() - 1);

/** One Jest configuration for every project: ESM through swc, workspace packages read from their sources. */
export function preset(projectRoot) {
  return {
    displayName: basename(projectRoot),
    rootDir: projectRoot,
    testEnvironment: 'node',
    testEnvironmentOptions: { customExportConditions: ['@muster/source', 'node', 'node-addons'] },
    testMatch: ['<rootDir>/src/**/*.spec.ts'],
    extensionsToTreatAsEsm: ['.ts'],
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
    transform: {
      '^.+\\.ts$': [
        '@swc/jest',
        {
          jsc: {
            parser: { syntax: 'typescript', decorators: true },
            transform: { legacyDecorator: true, decoratorMetadata: true },
            target: 'es2022',
          },
          module: { type: 'es6' },
          sourceMaps: 'inline',
        },
      ],
    },
    globalSetup: tool('jest-global-setup.js'),
    globalTeardown: tool('jest-global-teardown.js'),
    reporters: ['default', tool('jest-summary-reporter.js')],
    testTimeout: 30_000,
    maxWorkers: WORKERS,
  };
}
