import type { AzureAnswer } from '../azure/azureErrorReason.ts';
import type { Directory } from './ports.ts';

/** Whether an identity may change one application under `Application.ReadWrite.OwnedBy`. */
export interface Ownership {
  /** The client id that was asked for. */
  readonly appId: string;
  readonly displayName: string | undefined;
  /** `gone`: the tenant has no such application. `unseen`: its owners may not be read, or it was deleted just now. */
  readonly standing: 'owned' | 'not_owned' | 'gone' | 'unseen';
}

/** Of each application, by its client id, whether the identity with that object id is among its owners. */
export const ownershipOf = async (
  directory: Pick<Directory, 'applicationsOf' | 'ownersOf'>,
  appIds: readonly string[],
  principalId: string,
  signal: AbortSignal,
): Promise<AzureAnswer<{ readonly applications: readonly Ownership[] }>> => {
  const read = await directory.applicationsOf(appIds, signal);
  if (!read.ok) return read;
  const owning = await directory.ownersOf(read.applications, signal);
  if (!owning.ok) return owning;
  const applications = appIds.map((appId): Ownership => {
    const found = read.applications.find((one) => one.appId.toLowerCase() === appId.toLowerCase());
    if (found === undefined) return { appId, displayName: undefined, standing: 'gone' };
    const { displayName } = found;
    const owners = owning.owners.get(found.id);
    if (owners === undefined) return { appId, displayName, standing: 'unseen' };
    const isOwned = owners.some(({ id }) => id.toLowerCase() === principalId.toLowerCase());
    return { appId, displayName, standing: isOwned ? 'owned' : 'not_owned' };
  });
  return { ok: true, applications };
};
