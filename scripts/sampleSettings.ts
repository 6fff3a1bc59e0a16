import { SETTINGS } from '../src/lib/config/settings.ts';

/** What the Functions host itself needs on a laptop. */
const HOST_SETTINGS = {
  FUNCTIONS_WORKER_RUNTIME: 'node',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  APPLICATIONINSIGHTS_CONNECTION_STRING: '',
} as const;

/** The content of local.settings.sample.json: every setting, with a harmless value. */
export const sampleSettings = () => ({
  IsEncrypted: false,
  Values: {
    ...HOST_SETTINGS,
    ...Object.fromEntries(Object.entries(SETTINGS).map(([name, { sample }]) => [name, sample])),
  },
});
