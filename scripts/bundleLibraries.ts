import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { UNUSED_LIBRARIES } from '../src/lib/telemetry/unusedLibraries.ts';

const LIBRARIES = join(import.meta.dirname, '../node_modules/');
/** Its ES module asks by `import.meta` where it is, which the files that are deployed do not have. */
const ASKS_WHERE_IT_IS = '@azure/monitor-opentelemetry';

/**
 * Of what the telemetry SDK requires, what it does not use becomes nothing, and the rest the ES module of which
 * everybody else imports what they use: not a second form of all of it.
 */
export const USED_LIBRARIES: Plugin = {
  name: 'used-libraries',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^(?:@|\.\/shim\/)/ }, ({ path, kind, importer, resolveDir, pluginData }) => {
      if (!importer.startsWith(LIBRARIES) || pluginData === USED_LIBRARIES) return undefined;
      if (UNUSED_LIBRARIES.includes(path)) return { path, namespace: 'unused' };
      if (kind !== 'require-call' || path.startsWith('.') || path === ASKS_WHERE_IT_IS) return undefined;
      return resolve(path, { importer, resolveDir, kind: 'import-statement', pluginData: USED_LIBRARIES });
    });
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** MSAL signs with it for who signs in by a certificate, and would load it and its semver for everybody. */
export const SIGNED_ON_USE: Plugin = {
  name: 'signed-on-use',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^jsonwebtoken$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'on-use' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'on-use' }, () => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require('jsonwebtoken')[name] });`,
      resolveDir: LIBRARIES,
    }));
  },
};

/**
 * Takes out the exporter's poll of settings.sdk.monitor.azure.com, which no option turns off and which may
 * switch disk storage on again from afar. Where the packages lie on disk `remoteSettings.ts` stops it.
 */
export const NO_REMOTE_SETTINGS: Plugin = {
  name: 'no-remote-settings',
  setup({ onLoad }) {
    onLoad({ filter: /monitor-opentelemetry-exporter\/.*\/configurationWorker\.js$/ }, () => ({
      contents: 'export class ConfigurationWorker { shutdown() {} }',
    }));
  },
};
