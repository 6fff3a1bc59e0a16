import Module, { createRequire } from 'node:module';

/** Libraries of what is switched off in Azurite, its telemetry and its SQL database, as far as it reads them when it is loaded. */
const UNUSED = { applicationinsights: {}, sequelize: { Model: class {} } };

// Loaded into Azurite ahead of its own program: they are three quarters of what it would load.
const azurite = createRequire(createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js'));
for (const [name, exports] of Object.entries(UNUSED)) {
  const path = azurite.resolve(name);
  azurite.cache[path] = Object.assign(new Module(path), { exports, loaded: true });
}
