/** What an app usually has at its top: telemetry, a login, a client, all loaded before it registers its timer. */
const { app } = require('@azure/functions');
const insights = require('applicationinsights');
const { ManagedIdentityCredential } = require('@azure/identity');
const { SecretClient } = require('@azure/keyvault-secrets');

insights.setup(process.env.APPLICATIONINSIGHTS_CONNECTION_STRING).start();
const client = new SecretClient('https://kv-bench.vault.azure.net', new ManagedIdentityCredential());
app.timer('oneTimer', {
  schedule: '0 7 * * * *',
  handler: (_timer, context) => context.log(client.vaultUrl),
});
