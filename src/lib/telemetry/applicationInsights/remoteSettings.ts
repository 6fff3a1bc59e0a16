import { createRequire } from 'node:module';
import { join, parse } from 'node:path';

interface ConfigurationModule {
  ConfigurationManager: { getInstance(): { shutdown(): void } };
}

/**
 * Stops the exporter's poll of settings.sdk.monitor.azure.com, which no option turns off and which may
 * switch disk storage on again from afar. Reaches the very module instance that the SDK loaded, so it
 * works where the packages are on disk; the build takes it out of what is deployed.
 * @returns whether it was stopped.
 */
export const stopRemoteSettings = (): boolean => {
  try {
    const here = createRequire(import.meta.url);
    const { dir } = parse(here.resolve('@azure/monitor-opentelemetry-exporter/_configuration'));
    // What is resolved is the CommonJS twin of the module that was imported.
    const loaded = join(dir.replace(/commonjs(?=\W_configuration$)/, 'esm'), 'configurationManager.js');
    const { ConfigurationManager } = here(loaded) as ConfigurationModule;
    ConfigurationManager.getInstance().shutdown();
    return true;
  } catch {
    return false;
  }
};
