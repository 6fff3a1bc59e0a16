import { grantCredentialId } from '../credentials/credentialIds.ts';
import { firstNamed } from '../kernel/firstNamed.ts';
import { vaultNameOf } from '../kernel/vaultUrl.ts';
import type { Grant } from '../oauth/rules/grant.ts';
import type { ProviderProfile } from '../oauth/rules/providerProfile.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type KnownAccount, sharedConsents } from './rules/sharedConsents.ts';

/** A detail names so many; the rest is a number. */
const MOST_NAMED = 10;

interface Known extends KnownAccount {
  readonly grant: Grant;
  readonly profile: ProviderProfile;
}

/** Reports the grants that can end each other, because one account gave them to one client. */
export const reportSharedConsents = (
  telemetry: Pick<Telemetry, 'event'>,
  known: readonly Known[],
  runId: string,
): void => {
  for (const { of, others } of sharedConsents(known)) {
    const { id, secret, owner, runbook } = of.grant;
    telemetry.event('keywatch.finding.observed', {
      credentialId: grantCredentialId(id),
      vault: vaultNameOf(secret.vaultUrl),
      finding: 'shared_consent',
      detail: `One account gave it and ${firstNamed(others, MOST_NAMED)} to one client at ${of.profile.displayName}: a new consent to one may end another.`,
      ...{ owner, runbook, runId },
    });
  }
};
