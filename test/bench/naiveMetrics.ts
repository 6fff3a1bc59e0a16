import type { HttpClient } from '@azure/core-rest-pipeline';
import { metrics } from '@opentelemetry/api';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import type { Inventory } from '../../src/lib/scan/ports.ts';
import { NOWHERE } from '../../src/local/telemetry/capture.ts';

/**
 * The way of most scripts: the days that are left as one custom metric, with the credential as a dimension.
 * The SDK's standard set-up but for what would call other hosts.
 */
export const reportNaively = (httpClient: HttpClient, inventory: Inventory, vaultUrl: string) => {
  const flush = async () => {
    const { flushAzureMonitor } = await import('applicationinsights');
    await flushAzureMonitor();
  };
  return {
    async start() {
      process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] = '1';
      process.env['APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED'] = 'true';
      process.env['WEBSITE_SITE_NAME'] = 'naive';
      const { useAzureMonitor } = await import('applicationinsights');
      useAzureMonitor({
        azureMonitorExporterOptions: { connectionString: NOWHERE, disableOfflineStorage: true, httpClient },
        enableStandardMetrics: false,
        enablePerformanceCounters: false,
        enableLiveMetrics: false,
      });
      await flush();
    },
    async tell() {
      const daysLeft = metrics.getMeter('naive').createGauge('days_to_expiry', { unit: 'd' });
      await inventory.list(vaultUrl, 'secret', (objects) => {
        for (const { kind, name, expiresOnEpochMs, tags } of objects) {
          if (expiresOnEpochMs === undefined) continue;
          daysLeft.record((expiresOnEpochMs - Date.now()) / DAY_MS, {
            credentialId: `${vaultUrl}/${kind}/${name}`,
            vault: vaultUrl,
            name,
            kind,
            owner: tags['keywatch-owner'] ?? '',
          });
        }
      });
    },
    flush,
  };
};
