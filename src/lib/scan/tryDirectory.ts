import type { Directory, DirectoryObject } from '../directory/ports.ts';
import { giveRole } from '../directory/rules/graphRoles.ts';
import { failureBeforeFirstPage } from './firstPage.ts';
import type { FurtherReading, SourceFailure } from './ports.ts';

const MOST_ASKED = 20;

/** What the scan of a tenant reads beside its list: policies, and owners of the applications of the first page. */
export const tryDirectory = async (
  directory: Pick<Directory, 'list' | 'managementPolicies' | 'ownersOf'>,
  signal: AbortSignal,
): Promise<readonly FurtherReading[]> => {
  const [policies, owners] = await Promise.all([
    directory.managementPolicies(signal),
    ownersOfSome(directory, signal),
  ]);
  return [
    { what: 'the policies by which lifetimes are judged', failure: policies.ok ? undefined : policies },
    { what: 'the names of owners', failure: owners },
  ];
};

const ownersOfSome = async (
  directory: Pick<Directory, 'list' | 'ownersOf'>,
  signal: AbortSignal,
): Promise<SourceFailure | undefined> => {
  let some: readonly DirectoryObject[] = [];
  const failure = await failureBeforeFirstPage((onPage) =>
    directory.list(
      'applications',
      (objects) => {
        some = objects.slice(0, MOST_ASKED).map(({ type, id }) => ({ type, id }));
        return onPage([], undefined);
      },
      signal,
    ),
  );
  if (failure !== undefined) return failure;
  const read = await directory.ownersOf(some, signal);
  if (!read.ok) return read;
  const isNameless = [...read.owners.values()].flat().some(({ name }) => name === undefined);
  return isNameless ? NAMELESS : undefined;
};

const NAMELESS: SourceFailure = {
  ok: false,
  code: 'directory_forbidden',
  reason: 'forbidden',
  retryable: false,
  message:
    'Some owners have no name here: the identity may not read users, so alerts cannot say whom to ask.',
  action: giveRole('User.Read.All'),
};
