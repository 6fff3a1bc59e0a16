import { clientCredentialId, grantCredentialId, rotationCredentialId } from '../credentials/credentialIds.ts';
import type { SourceName } from '../credentials/sources.ts';
import type { StateIndex, StateReader } from './readState.ts';
import type { BoardFacts } from './rules/boardModel.ts';
import { coverageOf, currentTargets, type Expected } from './rules/coverage.ts';
import { itemOfCredential } from './rules/credentialItem.ts';
import type { ItemKind } from './rules/items.ts';
import type { Part, TargetState } from './rules/records.ts';
import { itemsOfSubjects } from './rules/subjectItems.ts';
import type { Subjects } from './rules/subjects.ts';
import { usageOf } from './rules/uses.ts';

/** What the board reads of the config. */
export interface BoardSettings {
  readonly vaults: readonly { readonly url: string; readonly policy: { readonly name: string } }[];
  readonly subscriptionIds: readonly string[];
  readonly directory:
    | { readonly scope: { readonly target: string; readonly policy: { readonly name: string } } }
    | undefined;
  readonly grants: readonly { readonly grant: { readonly id: string; readonly mode?: string } }[];
  readonly clients: readonly { readonly id: string }[];
  readonly rotate: { readonly rotations: readonly { readonly id: string }[] } | undefined;
  /** Absent: nobody may call, nor read a calendar by an address that was made before. */
  readonly callers: object | undefined;
  readonly publicUrl: string | undefined;
  readonly runbookBaseUrl?: string | undefined;
  readonly workbookUrl?: string | undefined;
}

/** Credentials that are looked at for one page: they are sorted and searched as a whole. */
const MOST_IN_WINDOW = 50_000;

export const expectedOf = ({
  vaults,
  subscriptionIds,
  directory,
  grants,
  clients,
  rotate,
}: BoardSettings): Expected => ({
  targets: [
    ...vaults.map(({ url, policy }) => ({
      source: 'keyvault' as SourceName,
      target: url,
      name: policy.name,
    })),
    ...(directory === undefined
      ? []
      : [
          {
            source: 'entra' as SourceName,
            target: directory.scope.target,
            name: directory.scope.policy.name,
          },
        ]),
  ],
  isSearching: subscriptionIds.length > 0,
  refreshes: grants.length > 0,
  proves: clients.length > 0,
  rotates: (rotate?.rotations.length ?? 0) > 0,
});

/** Parts in windows of so many credentials at most, the urgent ones first. */
export const windowsOf = (parts: readonly Part[]): Part[][] => {
  const windows: Part[][] = [[]];
  let room = MOST_IN_WINDOW;
  for (const part of parts.toSorted((one, other) => one.urgency - other.urgency)) {
    if (part.count > room && windows.at(-1)?.length !== 0) {
      windows.push([]);
      room = MOST_IN_WINDOW;
    }
    windows.at(-1)?.push(part);
    room -= part.count;
  }
  return windows;
};

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

/** What the state and the config say together. @param window of credentials, from 1 */
export const gatherFacts = async (
  reader: StateReader,
  settings: BoardSettings,
  window: number,
  nowEpochMs: number,
): Promise<Gathered> => {
  const { targets: all, subjects, uses, failure }: StateIndex = await reader.readIndex();
  const expected = expectedOf(settings);
  const targets = currentTargets(all, expected, nowEpochMs);
  const parts = targets.flatMap(({ complete }) => complete?.parts ?? []);
  const windows = windowsOf(parts);
  const chosen = windows[Math.min(window, windows.length) - 1] ?? [];
  const { credentials, unread } = await reader.readParts(chosen);
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const gap =
    failure !== undefined
      ? `${failure.message} ${failure.action}`
      : unread > 0
        ? 'Some credentials are just being written anew: load the page again.'
        : undefined;
  const notes = [
    ...(gap === undefined ? [] : [gap]),
    ...(windows.length === 1
      ? []
      : [
          `There are ${total.toLocaleString('en-US')} credentials; this is part ${Math.min(window, windows.length)} of ${windows.length}, the urgent ones first.`,
        ]),
  ];
  return {
    ...{ targets, subjects, gap },
    facts: {
      nowEpochMs,
      items: [
        ...credentials.map((record) =>
          itemOfCredential(record, nowEpochMs, usageOf(uses, record, nowEpochMs)),
        ),
        ...itemsOfSubjects(subjects, namedSubjects(settings)),
      ],
      coverage: coverageOf(targets, subjects, expected, nowEpochMs),
      total,
      windows: windows.length,
      notes,
    },
  };
};
