import type { AzureFailure } from '../azure/azureErrorReason.ts';
import type { Clock } from '../kernel/clock.ts';
import { assessClosely, renewalOf } from './assessClosely.ts';
import type { Inventory } from './ports.ts';
import type { VaultPolicy } from './rules/assess.ts';
import type { Assessment, CredentialMetadata } from './rules/credential.ts';
import type { ObjectReference } from './rules/vaultEvent.ts';
import { currentVersion, isSuperseded, versionFindings } from './rules/versions.ts';

export interface InspectionPorts {
  readonly inventory: Pick<Inventory, 'listVersions' | 'renewalPolicy'>;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

export type ObjectInspection =
  | { readonly ok: true; readonly assessment: Assessment }
  | { readonly ok: false; readonly reason: 'gone' }
  /** A certificate's own secret or key: the certificate has an event of its own. */
  | { readonly ok: false; readonly reason: 'managed' }
  | { readonly ok: false; readonly reason: 'failed'; readonly failure: AzureFailure };

/**
 * Looks at one object now, with all its versions. Where the version spoken of was replaced, the one that
 * took over is reported: whoever reads it takes the last word on an object for its state. Statuses go by Key
 * Vault's own clock.
 */
export const inspectObject = async (
  { inventory, clock }: InspectionPorts,
  reference: ObjectReference,
  policy: VaultPolicy,
): Promise<ObjectInspection> => {
  const { vaultUrl, kind, name } = reference;
  const listing = await inventory.listVersions(vaultUrl, kind, name);
  if (!listing.ok) return { ok: false, reason: 'failed', failure: listing };
  const { versions } = listing;
  const spokenOf = versions.find(({ version }) => version === reference.version) ?? currentVersion(versions);
  if (spokenOf === undefined) return { ok: false, reason: 'gone' };
  if (spokenOf.managed) return { ok: false, reason: 'managed' };
  const nowEpochMs = listing.serverDateEpochMs ?? clock.nowEpochMs();
  const isReplaced = !spokenOf.enabled || isSuperseded(spokenOf, versions);
  const current = isReplaced ? (currentVersion(versions) ?? spokenOf) : spokenOf;
  const renewal = async (one: CredentialMetadata) =>
    renewalOf(await inventory.renewalPolicy(vaultUrl, kind === 'key' ? 'key' : 'certificate', name), one);
  const looks = { renewal, versions: async () => versions };
  const further = { ofVersions: versionFindings(versions) };
  return { ok: true, assessment: await assessClosely(current, policy, nowEpochMs, looks, further) };
};
