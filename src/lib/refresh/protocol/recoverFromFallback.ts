import type { RefreshOutcome } from '../refreshOutcome.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import { recordForUnrecorded } from '../rules/unrecorded.ts';
import type { Attempt } from './attempt.ts';
import { type FallbackSearch, findInFallback } from './findInFallback.ts';
import { recoverSealed } from './recoverSealed.ts';

/**
 * Brings a newer token of this grant from the fallback store into the vault, and takes it out of the sink once
 * the vault has it.
 */
export const recoverFromFallback = async (
  attempt: Attempt,
  record: ControlRecord,
  baseVersions: readonly string[],
  isRefused = false,
): Promise<
  { readonly kind: 'done'; readonly outcome: RefreshOutcome } | Exclude<FallbackSearch, { kind: 'found' }>
> => {
  const search = await findInFallback(attempt, record, baseVersions, isRefused);
  if (search.kind !== 'found') return search;
  const { id, phase } = search;
  const outcome = await recoverSealed(attempt, { ...recordForUnrecorded(record, phase.seq), phase }, phase);
  if (outcome.kind === 'recovered') await attempt.ports.fallback.remove(attempt.grant.id, id);
  return { kind: 'done', outcome };
};
