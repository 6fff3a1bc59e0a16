import { createRequire } from 'node:module';
import { OTHER_EXPORTERS } from '../../lib/telemetry/otherExporters.ts';
import { replaceLibraries } from '../replaceLibraries.ts';

/** As in what is deployed; and nobody signs in to the capture. */
const UNUSED = [...OTHER_EXPORTERS, '@azure/identity'];

/** Keeps the telemetry SDK from loading what is used by nobody here, a third of its time. Before it is loaded. */
export const leaveOutUnusedLibraries = (): void =>
  replaceLibraries(
    createRequire(createRequire(import.meta.url).resolve('applicationinsights')),
    Object.fromEntries(UNUSED.map((name) => [name, {}])),
  );
