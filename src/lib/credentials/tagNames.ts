/** The tags by which whoever owns a credential steers its alerts. */
export const TAGS = {
  owner: 'keywatch-owner',
  warningDays: 'keywatch-warning-days',
  criticalDays: 'keywatch-critical-days',
  runbook: 'keywatch-runbook',
  snoozeUntil: 'keywatch-snooze-until',
  ignore: 'keywatch-ignore',
  target: 'keywatch-target',
  renews: 'keywatch-renews',
  app: 'keywatch-app',
  keyId: 'keywatch-key-id',
} as const;

/** Of one version of a Key Vault object. @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates */
export const MOST_TAGS = 15;
