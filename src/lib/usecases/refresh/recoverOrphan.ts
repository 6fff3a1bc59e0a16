import type { ControlRecord } from '../../domain/controlRecord.ts';
import type { Attempt } from './attempt.ts';
import { findOrphan } from './findOrphan.ts';
import { recoverSealed } from './recoverSealed.ts';
import type { RefreshOutcome } from './refreshOutcome.ts';

/**
 * Brings a newer token of this grant from the third sink into the vault, and takes it out of the sink once
 * the vault has it. Absent: there is none, or none that can be had now.
 */
export const recoverOrphan = async (
  attempt: Attempt,
  record: ControlRecord,
  baseVersions: readonly string[],
): Promise<RefreshOutcome | undefined> => {
  const orphan = await findOrphan(attempt, record, baseVersions);
  if (orphan === undefined) return undefined;
  const outcome = await recoverSealed(attempt, { ...record, phase: orphan.phase }, orphan.phase);
  if (outcome.kind === 'recovered') await attempt.ports.orphans.remove(attempt.grant.id, orphan.id);
  return outcome;
};
