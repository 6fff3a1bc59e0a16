import { clockAheadAsAbsent } from '../../kernel/instant.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { isTaggedDead } from '../../oauth/rules/deadMark.ts';
import { GRANT_TAGS } from '../../oauth/rules/grantTagNames.ts';
import type { RotationClass } from '../../oauth/rules/providerProfile.ts';
import type { RefreshTrigger } from '../../oauth/rules/refreshTriggers.ts';
import { canLoseToken } from '../../oauth/rules/rotation.ts';
import type { ControlRecord, DeadPhase } from './controlRecord.ts';
import { coolDownEnd } from './refreshFailure.ts';

export interface TryAgainQuestion {
  readonly phase: DeadPhase;
  readonly record: Pick<ControlRecord, 'version' | 'failures'>;
  readonly latest: {
    readonly version: string;
    readonly createdEpochMs: number | undefined;
    readonly tags: Readonly<Record<string, string>>;
  };
  readonly rotation: RotationClass;
  readonly trigger: RefreshTrigger;
  readonly nowEpochMs: number;
}

/**
 * Whether a token that was called dead is sent once more. Servers answer `invalid_grant` for causes that pass (an
 * account or an app that was switched off, a policy), so a person may ask: by hand, or by writing the same value
 * as a new version. Where the old token stays good a try costs nothing and is made once a day.
 */
export const mayTryAgain = ({
  phase,
  record,
  latest,
  rotation,
  trigger,
  nowEpochMs,
}: TryAgainQuestion): boolean => {
  if (trigger === 'again') return true;
  // What lies ahead was written by a wrong clock, and puts nothing off.
  const lastEpochMs = clockAheadAsAbsent(phase.triedEpochMs ?? phase.sinceEpochMs, nowEpochMs) ?? 0;
  if (isWrittenAgain(record, latest, lastEpochMs)) return true;
  if (nowEpochMs < coolDownEnd(record.failures, nowEpochMs)) return false;
  return phase.isAsked === true || (!canLoseToken(rotation) && nowEpochMs - lastEpochMs >= DAY_MS);
};

const isWrittenAgain = (
  record: TryAgainQuestion['record'],
  { version, createdEpochMs = 0, tags }: TryAgainQuestion['latest'],
  lastEpochMs: number,
): boolean => {
  // Key Vault keeps whole seconds.
  if (version === record.version || createdEpochMs < Math.floor(lastEpochMs / 1000) * 1000) return false;
  // Our own proof that it can be written, by a worker that ended before it sent anything.
  return tags[GRANT_TAGS.stage] !== 'intent' || isTaggedDead({ tags });
};
