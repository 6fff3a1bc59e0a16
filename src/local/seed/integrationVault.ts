import { type SeededVault, secret } from './seededObject.ts';

const CRM = 'crm-integration@contoso.example';
const ITSM = 'itsm-platform@contoso.example';
const PARTNERS = 'partner-apis@contoso.example';
const DATA = 'data-platform@contoso.example';
const DYNAMICS = 'contoso.crm4.dynamics.com';

const usedAt = (hosts: string) => ({ 'keywatch-target': hosts });

/** Client secrets, API keys and tokens of the services that Contoso talks to. */
export const integrationVault: SeededVault = {
  name: 'kv-contoso-integration',
  objects: [
    secret('salesforce-oauth-client-secret', {
      endsInDays: 9,
      madeDaysAgo: 81,
      owner: CRM,
      contentType: 'text/plain',
      tags: {
        'keywatch-runbook': 'https://wiki.contoso.example/runbooks/salesforce',
        'keywatch-critical-days': '10',
        'keywatch-target': 'contoso.my.salesforce.com',
      },
    }),
    secret('salesforce-sandbox-client-secret', { endsInDays: 61, owner: CRM }),
    secret('hubspot-private-app-token', { endsInDays: 18, owner: CRM, tags: usedAt('api.hubapi.com') }),
    secret('dynamics-app-secret', { endsInDays: -3, madeDaysAgo: 368, owner: CRM, tags: usedAt(DYNAMICS) }),
    secret('dynamics-app-secret-2', { endsInDays: 540, madeDaysAgo: 10, owner: CRM, tags: usedAt(DYNAMICS) }),
    secret('mailchimp-api-key', { owner: CRM }),
    secret('servicenow-oauth-client-secret', {
      endsInDays: 25,
      owner: ITSM,
      tags: { 'keywatch-runbook': 'https://wiki.contoso.example/runbooks/servicenow' },
    }),
    secret('servicenow-basic-password', {
      endsInDays: 75,
      madeDaysAgo: 15,
      owner: ITSM,
      tags: usedAt('contoso.service-now.com'),
    }),
    secret('servicenow-midserver-secret', {
      endsInDays: 8,
      owner: ITSM,
      tags: { 'keywatch-snooze-until': 'IN-20-DAYS' },
    }),
    secret('jira-webhook-secret', { owner: ITSM }),
    secret('pagerduty-integration-key', { endsInDays: 320, owner: ITSM }),
    secret('github-app-private-key-pem', {
      endsInDays: 45,
      owner: ITSM,
      contentType: 'application/x-pem-file',
    }),
    secret('github-deploy-pat', {
      endsInDays: 2,
      madeDaysAgo: 88,
      owner: ITSM,
      tags: usedAt('api.github.com, uploads.github.com'),
    }),
    secret('stripe-restricted-key', { endsInDays: 120, owner: PARTNERS, tags: usedAt('api.stripe.com') }),
    secret('stripe-webhook-secret', { owner: PARTNERS }),
    secret('adyen-api-key', { endsInDays: 5.2, madeDaysAgo: 360, owner: PARTNERS }),
    secret('fedex-oauth-secret', { endsInDays: 29, owner: PARTNERS }),
    secret('ups-oauth-secret', { endsInDays: 31, owner: PARTNERS }),
    secret('dhl-api-token', { endsInDays: 88, owner: PARTNERS, tags: { 'keywatch-warning-days': '90' } }),
    secret('partner-acme-mtls-password', { endsInDays: 12, owner: PARTNERS }),
    secret('partner-globex-hmac', {
      endsInDays: 3,
      madeDaysAgo: 4,
      owner: PARTNERS,
      tags: { 'keywatch-warning-days': '20%', 'keywatch-critical-days': '10%' },
    }),
    secret('partner-initech-next', { beginsInDays: 14, endsInDays: 379, madeDaysAgo: 1, owner: PARTNERS }),
    secret('partner-umbrella-retired', {
      endsInDays: -200,
      madeDaysAgo: 565,
      disabled: true,
      owner: PARTNERS,
    }),
    secret('partner-hooli-ended', {
      endsInDays: -40,
      madeDaysAgo: 405,
      owner: PARTNERS,
      tags: { 'keywatch-ignore': 'true' },
    }),
    secret('snowflake-service-password', { endsInDays: 14, owner: DATA }),
    secret('databricks-pat', { endsInDays: 1.4, madeDaysAgo: 89, owner: DATA, olderVersions: 3 }),
    secret('kafka-sasl-password', { endsInDays: 200, owner: DATA }),
    secret('powerbi-embed-secret', { endsInDays: 0.2, madeDaysAgo: 180, owner: DATA }),
    secret('fivetran-api-secret', {
      endsInDays: 22,
      owner: DATA,
      tags: { 'keywatch-critical-days': 'soon' },
    }),
  ],
};
