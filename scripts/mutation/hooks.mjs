// Loaded first in each process that runs tests for Stryker: TypeScript sources, Jest's globals on mocha, pinned properties.
import { registerHooks } from 'node:module';
import * as fc from 'fast-check';

await import('../swc-hooks.mjs');
await import('../property-seed.mjs');

const globals = new URL('jest-globals.mjs', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
});

// That a property fails is enough; nobody reads its smallest example.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
