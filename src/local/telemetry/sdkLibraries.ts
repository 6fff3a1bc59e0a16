import { createRequire } from 'node:module';
import { UNUSED_LIBRARIES } from '../../lib/telemetry/unusedLibraries.ts';
import { replaceLibraries } from '../replaceLibraries.ts';

/** Keeps the telemetry SDK from loading what is used by nobody here, as in what is deployed. Before it is loaded. */
export const leaveOutUnusedLibraries = (): void =>
  replaceLibraries(
    createRequire(createRequire(import.meta.url).resolve('applicationinsights')),
    Object.fromEntries(UNUSED_LIBRARIES.map((name) => [name, {}])),
  );
