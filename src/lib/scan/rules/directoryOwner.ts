import type { DirectoryOwner } from '../../directory/rules/directoryApplication.ts';
import type { SourceKnowledge } from './credential.ts';

/**
 * Whom to ask, of those that the directory names: the first person in order of the alphabet, so that two scans name
 * the same one; a service principal where no person owns it. Owners whose names may not be read are owners all the
 * same.
 */
export const ownerKnowledge = (owners: readonly DirectoryOwner[] | undefined): SourceKnowledge => {
  if (owners === undefined) return { isOwnerUnread: true };
  const named = (type: DirectoryOwner['type']) =>
    owners
      .filter((one) => one.type === type)
      .flatMap(({ name }) => name ?? [])
      .toSorted();
  const owner = [...named('user'), ...named('servicePrincipal'), ...named('other')].at(0);
  return { owner, isOwnerUnread: owner === undefined && owners.length > 0 };
};
