import type { RefreshOutcome } from '../refreshOutcome.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import type { Attempt } from './attempt.ts';
import { findOrphan, type OrphanSearch } from './findOrphan.ts';
import { recoverSealed } from './recoverSealed.ts';

/**
 * Brings a newer token of this grant from the third sink into the vault, and takes it out of the sink once
 * the vault has it.
 */
export const recoverOrphan = async (
  attempt: Attempt,
  record: ControlRecord,
  baseVersions: readonly string[],
  isRefused = false,
): Promise<
  { readonly kind: 'done'; readonly outcome: RefreshOutcome } | Exclude<OrphanSearch, { kind: 'found' }>
> => {
  const search = await findOrphan(attempt, record, baseVersions, isRefused);
  if (search.kind !== 'found') return search;
  const { id, phase } = search;
  const outcome = await recoverSealed(attempt, { ...record, phase }, phase);
  if (outcome.kind === 'recovered') await attempt.ports.orphans.remove(attempt.grant.id, id);
  return { kind: 'done', outcome };
};
