import { createRequire } from 'node:module';
import { replaceLibraries } from './replaceLibraries.ts';

/** Libraries of what is switched off in Azurite, its telemetry and its SQL database, as far as it reads them when it is loaded. */
const UNUSED = { applicationinsights: {}, sequelize: { Model: class {} } };

// Loaded into Azurite ahead of its own program: they are three quarters of what it would load.
replaceLibraries(
  createRequire(createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js')),
  UNUSED,
);
