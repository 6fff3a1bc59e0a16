import { access, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { replaceLibraries } from './replaceLibraries.ts';

/** The third service of Azurite, which nobody here asks anything. */
class NoTables {
  start = async () => undefined;
  close = async () => undefined;
  getStatus = () => 'absent';
  getHttpServerAddress = () => 'http://nowhere';
}

/**
 * What Azurite loads for its telemetry, its SQL database, copies from addresses, requests of its own, bearer tokens,
 * forms, nested queries, logs and tables, as far as it reads that when it is loaded: nobody here uses any of it.
 */
const UNUSED = {
  applicationinsights: {},
  sequelize: { Model: class {} },
  axios: {},
  jsonwebtoken: {},
  'body-parser': {},
  'form-data': {},
  'node-fetch': {},
  tunnel: {},
  qs: {},
  winston: {},
  morgan: {},
  './table/TableServer': NoTables,
};

const azurite = createRequire(createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js'));

/** Azurite parses the templates of all its addresses anew for each request. */
const parse: (template: string) => object = azurite('uri-templates');
const parsed = new Map<string, object>();
const parseOnce = (template: string): object => {
  const known = parsed.get(template);
  if (known !== undefined) return known;
  const fresh = parse(template);
  parsed.set(template, fresh);
  return fresh;
};

/** The two of its functions that Azurite calls: it makes folders and looks whether they are there. */
const fileSystem = { access, ensureDir: (folder: string) => mkdir(folder, { recursive: true }) };

// Loaded into Azurite ahead of its own program: what is unused is five sixths of what it would load.
replaceLibraries(azurite, { ...UNUSED, 'fs-extra': fileSystem, 'uri-templates': parseOnce });
