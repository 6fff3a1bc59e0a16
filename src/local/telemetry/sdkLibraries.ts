import { createRequire } from 'node:module';
import { UNUSED_LIBRARIES } from '../../lib/telemetry/unusedLibraries.ts';
import { replaceLibraries } from '../replaceLibraries.ts';

/** What the telemetry SDK would load as CommonJS, which everybody else here has as ES modules. */
const SHARED_LIBRARIES = [
  '@azure/core-rest-pipeline',
  '@azure-rest/core-client',
  ...['core-auth', 'core-tracing', 'core-util', 'logger'].map((name) => `@azure/${name}`),
];

/**
 * Keeps the telemetry SDK from loading what is used by nobody here, and what is there already in its other form, as in
 * what is deployed. Before it is loaded.
 */
export const loadFewerLibraries = async (): Promise<void> => {
  const shared = SHARED_LIBRARIES.map(async (name) => [name, await import(name)] as const);
  replaceLibraries(createRequire(createRequire(import.meta.url).resolve('applicationinsights')), {
    ...Object.fromEntries(UNUSED_LIBRARIES.map((name) => [name, {}])),
    ...Object.fromEntries(await Promise.all(shared)),
  });
};
