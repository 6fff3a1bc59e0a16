import { isoSeconds } from '../../kernel/instant.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import type { ProviderProfile } from '../../oauth/rules/providerProfile.ts';
import { effectiveRotation } from '../../oauth/rules/rotation.ts';
import type { ControlRecord, IntentPhase, RefreshFailures } from '../rules/controlRecord.ts';
import { believedProfile } from '../rules/observedRotation.ts';
import { deadOutcome } from './recordDead.ts';

/** What is to be done about a request that was sent and whose answer nobody has. */
export const doubtfulAction = (
  profile: ProviderProfile,
  intent: IntentPhase,
  { notBeforeEpochMs }: Pick<RefreshFailures, 'notBeforeEpochMs'>,
): string => {
  const isStrict = effectiveRotation(profile.rotation).kind === 'strict';
  const nextEpochMs = isStrict ? intent.lastResortFromEpochMs : intent.retryFromEpochMs;
  const from = isoSeconds(intent.isRetry ? Math.max(nextEpochMs, notBeforeEpochMs) : nextEpochMs);
  return intent.isRetry
    ? `Ask the provider why every attempt fails; it is tried again from ${from} on, less and less often, until the token works or is refused.`
    : `Nothing yet: it is tried once more from ${from} on; if the token is refused then, a person has to consent again.`;
};

/**
 * What is to be done about the state of a grant, from its record alone: for as long as the state lasts, whatever
 * failed beside it since. Absent where nothing is wrong.
 */
export const stateAction = (
  grant: Grant,
  profile: ProviderProfile,
  { phase, failures, observedRotation }: ControlRecord,
): string | undefined => {
  switch (phase.state) {
    case 'dead':
      return deadOutcome(grant, phase).action;
    case 'intent':
      return doubtfulAction(believedProfile(profile, observedRotation), phase, failures);
    case 'sealed':
      return 'See that the vault takes writes: the token is kept sealed, and each run tries to put it there.';
    case 'idle':
      return undefined;
  }
};
