import { certificate, key, type SeededVault, secret } from './seededObject.ts';

const PAYMENTS = 'payments@contoso.example';
const SECURITY = 'security-engineering@contoso.example';

/** Certificates and keys of the payment services; what names no owner here belongs to the team. */
export const paymentsVault: SeededVault = {
  name: 'kv-contoso-payments',
  owner: PAYMENTS,
  mustExpire: true,
  objects: [
    certificate('pay-contoso-com', { endsInDays: 17, madeDaysAgo: 73 }),
    certificate('api-pay-contoso-com', { endsInDays: 68, madeDaysAgo: 22 }),
    certificate('checkout-contoso-com', { endsInDays: 27, madeDaysAgo: 63, renewsBeforeDays: 21 }),
    certificate('refunds-contoso-com', { endsInDays: 12, madeDaysAgo: 78, renewsBeforeDays: 21 }),
    certificate('sepa-signing', { endsInDays: 6, madeDaysAgo: 724, owner: SECURITY }),
    certificate('swift-client-mtls', {
      endsInDays: 26,
      madeDaysAgo: 339,
      owner: SECURITY,
      tags: { 'keywatch-runbook': 'https://wiki.contoso.example/runbooks/swift' },
    }),
    certificate('visa-client-mtls', { endsInDays: 240, owner: SECURITY }),
    certificate('mastercard-client-mtls', {
      endsInDays: -1,
      madeDaysAgo: 731,
      owner: SECURITY,
      tags: { 'keywatch-target': 'api.mastercard.com' },
    }),
    certificate('sandbox-acquirer', { endsInDays: -30, madeDaysAgo: 395, disabled: true }),
    certificate('acquirer-next', { beginsInDays: 7, endsInDays: 372, madeDaysAgo: 2 }),
    key('card-data-kek', { endsInDays: 90, madeDaysAgo: 275, owner: SECURITY }),
    key('card-data-kek-old', { endsInDays: -12, madeDaysAgo: 377, disabled: true, owner: SECURITY }),
    key('payout-signing', { endsInDays: 11, madeDaysAgo: 354, owner: SECURITY }),
    key('receipt-signing', { owner: SECURITY }),
    key('tokenization-hmac', { endsInDays: 400 }),
    key('ledger-sealing', { endsInDays: 28, tags: { 'keywatch-snooze-until': 'IN-20-DAYS' } }),
    secret('acquirer-sftp-password', { endsInDays: 40 }),
    secret('fraud-scoring-api-key', { endsInDays: 7.5, madeDaysAgo: 173 }),
    secret('bank-api-client-secret', { endsInDays: 150 }),
    secret('reconciliation-token', { beginsInDays: 30, endsInDays: 20, madeDaysAgo: 3 }),
  ],
};
