import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

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
    const fromHere = createRequire(import.meta.url);
    const fromShim = createRequire(fromHere.resolve('applicationinsights'));
    const fromDistro = createRequire(fromShim.resolve('@azure/monitor-opentelemetry'));
    const folder = dirname(fromDistro.resolve('@azure/monitor-opentelemetry-exporter/_configuration'));
    const { ConfigurationManager } = fromDistro(
      join(folder, 'configurationManager.js'),
    ) as ConfigurationModule;
    ConfigurationManager.getInstance().shutdown();
    return true;
  } catch {
    return false;
  }
};
