import type { AnswerDeviation } from '../../oauth/rules/answerDeviation.ts';
import type { ProviderProfile, RotationClass } from '../../oauth/rules/providerProfile.ts';
import type { ObservedRotation } from './controlRecord.ts';

const STRICT: RotationClass = { kind: 'strict' };

const rotationWords = (rotation: RotationClass): string =>
  rotation.kind === 'grace' ? `grace of ${rotation.graceSeconds} s` : rotation.kind;

/** The memory if it still says something: another class in the config answers it, and it is forgotten. */
export const currentObservation = (
  rotation: RotationClass,
  observed: ObservedRotation | undefined,
): ObservedRotation | undefined => (observed?.configured === rotationWords(rotation) ? observed : undefined);

/** The profile as it is worked with: strict once the server has contradicted its class. */
export const believedProfile = (
  profile: ProviderProfile,
  observed: ObservedRotation | undefined,
): ProviderProfile =>
  currentObservation(profile.rotation, observed) === undefined ? profile : { ...profile, rotation: STRICT };

/** A static token that comes back as another one is not static. */
export const contradictedByRotation = (
  { rotation }: Pick<ProviderProfile, 'rotation'>,
  nowEpochMs: number,
): ObservedRotation | undefined =>
  rotation.kind === 'static' ? { configured: rotationWords(rotation), sinceEpochMs: nowEpochMs } : undefined;

/**
 * An old token that was refused after an answer was lost, though its class says that it stays good: the lost answer
 * most likely replaced it.
 * @param graceUntilEpochMs of the attempt, by the same clock as `nowEpochMs`
 */
export const contradictedByRefusal = (
  { rotation }: Pick<ProviderProfile, 'rotation'>,
  graceUntilEpochMs: number | undefined,
  nowEpochMs: number,
): ObservedRotation | undefined => {
  const isPromised =
    rotation.kind === 'static' ||
    rotation.kind === 'keeps_old' ||
    (rotation.kind === 'grace' && graceUntilEpochMs !== undefined && nowEpochMs <= graceUntilEpochMs);
  return isPromised ? { configured: rotationWords(rotation), sinceEpochMs: nowEpochMs } : undefined;
};

/** What people are told: what was seen, what Keywatch does about it, and what to set. */
export const rotationDeviation = (
  { id }: Pick<ProviderProfile, 'id'>,
  { configured }: ObservedRotation,
): AnswerDeviation => ({
  code: 'rotation_contradicted',
  text: `provider "${id}" is configured as ${configured}, and its server replaces refresh tokens otherwise: its grant is treated as strict; set "rotation" of the provider to {"kind": "strict"}, or to what its documentation says`,
});
