import type { AzureFailure } from '../../src/lib/azure/azureErrorReason.ts';
import type { Directory } from '../../src/lib/directory/ports.ts';
import type {
  DirectoryApplication,
  DirectoryOwner,
  ListedCredential,
} from '../../src/lib/directory/rules/directoryApplication.ts';
import type { ManagementPolicies } from '../../src/lib/directory/rules/managementPolicies.ts';
import { inDays, NOW_EPOCH_MS } from './metadata.ts';

export const NO_POLICIES: ManagementPolicies = {
  tenant: { applications: {}, servicePrincipals: {} },
  own: new Map(),
};

const guid = (number: number): string =>
  `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
let made = 0;

/** A secret of a year that has 200 days left, and the changes that a test is about. */
export const listed = (changes: Partial<ListedCredential> = {}): ListedCredential => ({
  type: 'secret',
  keyId: guid(++made),
  displayName: undefined,
  startEpochMs: inDays(-165),
  endEpochMs: inDays(200),
  identifier: undefined,
  ...changes,
});

export const application = (
  displayName: string,
  credentials: readonly ListedCredential[],
  changes: Partial<DirectoryApplication> = {},
): DirectoryApplication => ({
  type: 'applications',
  id: guid(++made),
  appId: guid(++made),
  displayName,
  createdEpochMs: inDays(-400),
  labels: [],
  credentials,
  ...changes,
});

/** A refusal as the adapter would give it, and the changes that a test is about. */
export const directoryFailure = (changes: Partial<AzureFailure> = {}): AzureFailure => ({
  ok: false,
  code: `directory_${changes.reason ?? 'forbidden'}`,
  reason: 'forbidden',
  retryable: false,
  message: 'The directory refused.',
  action: 'Give the role.',
  ...changes,
});

export interface FakeDirectoryOptions {
  readonly pages?: readonly (readonly DirectoryApplication[])[];
  readonly owners?: Readonly<Record<string, readonly DirectoryOwner[]>>;
  readonly federated?: readonly string[];
  readonly policies?: ManagementPolicies;
}

/** A directory in memory, which notes what it is asked beside its lists. Parts of it may be replaced. */
export const fakeDirectory = (
  { pages = [], owners = {}, federated = [], policies = NO_POLICIES }: FakeDirectoryOptions,
  other: Partial<Directory> = {},
) => {
  const asked: string[] = [];
  const directory: Directory = {
    async list(type, onPage) {
      for (const page of pages)
        await onPage(
          page.filter((one) => one.type === type),
          NOW_EPOCH_MS,
        );
      return { ok: true, pages: pages.length };
    },
    async applicationsOf(appIds) {
      asked.push(`applications ${appIds.join(' ')}`);
      return { ok: true, applications: pages.flat().filter(({ appId }) => appIds.includes(appId)) };
    },
    async ownersOf(objects) {
      asked.push(`owners ${objects.map(({ id }) => id).join(' ')}`);
      return { ok: true, owners: new Map(objects.map(({ id }) => [id, owners[id] ?? []])) };
    },
    async federatedOf(ids) {
      asked.push(`federated ${ids.join(' ')}`);
      return { ok: true, federated: new Set(ids.filter((id) => federated.includes(id))) };
    },
    managementPolicies: async () => ({ ok: true, policies }),
    ...other,
  };
  return { directory, asked };
};
