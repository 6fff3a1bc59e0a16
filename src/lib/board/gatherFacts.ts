import { clientCredentialId, grantCredentialId, rotationCredentialId } from '../credentials/credentialIds.ts';
import type { NamedTarget } from '../credentials/sources.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import { lookAt, type Wanted } from './lookAt.ts';
import type { StateReader } from './readState.ts';
import type { BoardFacts } from './rules/boardModel.ts';
import { type Coverage, coverageOf, currentTargets, type Expected, LEFT_OUT_MS } from './rules/coverage.ts';
import { itemOfCredential } from './rules/credentialItem.ts';
import type { Item, ItemKind } from './rules/items.ts';
import type { CredentialRecord, TargetState } from './rules/records.ts';
import { itemsOfSubjects } from './rules/subjectItems.ts';
import type { Subjects } from './rules/subjects.ts';
import { usageOf } from './rules/uses.ts';

/** What the board reads of the config. */
export interface BoardSettings {
  readonly targets: readonly NamedTarget[];
  readonly subscriptionIds: readonly string[];
  readonly grants: readonly { readonly grant: { readonly id: string; readonly mode?: string } }[];
  readonly clients: readonly { readonly id: string }[];
  readonly rotate: { readonly rotations: readonly { readonly id: string }[] } | undefined;
  /** Absent: nobody may call, nor read a calendar by an address that was made before. */
  readonly callers: object | undefined;
  readonly publicUrl: string | undefined;
  readonly runbookBaseUrl?: string | undefined;
  readonly workbookUrl?: string | undefined;
}

export const expectedOf = ({
  targets,
  subscriptionIds,
  grants,
  clients,
  rotate,
}: BoardSettings): Expected => ({
  targets,
  isSearching: subscriptionIds.length > 0,
  refreshes: grants.length > 0,
  proves: clients.length > 0,
  rotates: (rotate?.rotations.length ?? 0) > 0,
});

const namedSubjects = ({ grants, clients, rotate }: BoardSettings): { id: string; kind: ItemKind }[] => [
  ...grants.map(({ grant }) => ({ id: grantCredentialId(grant.id), kind: 'grant' as const })),
  ...clients.map(({ id }) => ({ id: clientCredentialId(id), kind: 'client' as const })),
  ...(rotate?.rotations ?? []).map(({ id }) => ({ id: rotationCredentialId(id), kind: 'rotation' as const })),
];

export interface Gathered {
  readonly facts: BoardFacts;
  readonly targets: readonly TargetState[];
  readonly subjects: Subjects;
  /** Why what is here must not be taken for all that there is; absent: it may. */
  readonly gap: string | undefined;
}

/** What the state and the config say together. */
export const gatherFacts = async (
  reader: StateReader,
  settings: BoardSettings,
  wanted: Wanted,
  nowEpochMs: number,
): Promise<Gathered> => {
  const { targets: all, damagedEpochMs, subjects, uses, failure } = await reader.readIndex();
  const expected = expectedOf(settings);
  const targets = currentTargets(all, expected, nowEpochMs);
  const itemOf = (record: CredentialRecord): Item =>
    itemOfCredential(record, nowEpochMs, usageOf(uses, record, nowEpochMs));
  const looked = await lookAt(reader, targets, wanted, itemOf);
  // The next scan writes it, but of a target that is no longer found.
  const damaged = damagedEpochMs.filter((writtenEpochMs) => nowEpochMs - writtenEpochMs < LEFT_OUT_MS);
  const gap = gapOf(failure, looked.unread + damaged.length);
  const gaps = gap === undefined ? [] : [gap];
  return {
    ...{ targets, subjects, gap },
    facts: {
      ...looked,
      nowEpochMs,
      items: [...looked.items, ...itemsOfSubjects(subjects, namedSubjects(settings))],
      coverage: [...coverageOf(targets, subjects, expected, nowEpochMs), ...gaps.map(coverageOfGap)],
      notes: [...gaps, ...looked.notes],
    },
  };
};

const gapOf = (failure: StoreFailure | undefined, unread: number): string | undefined => {
  if (failure !== undefined) return `${failure.message} ${failure.action}`;
  return unread > 0
    ? 'Some credentials are just being written anew: load the page again. If that lasts, somebody damaged them, and a scan of the next day (UTC) writes them.'
    : undefined;
};

const coverageOfGap = (gap: string): Coverage => ({
  what: 'what the board keeps',
  severity: 'error',
  words: gap,
});
