import type { Finding } from '../../credentials/findings.ts';
import { needsAttention } from '../../credentials/statuses.ts';
import type { DirectoryApplication } from '../../directory/rules/directoryApplication.ts';
import type { ManagementPolicies } from '../../directory/rules/managementPolicies.ts';
import { type ApplicationCredential, credentialsOf, successorOf, tagsOf } from './applicationCredentials.ts';
import { overPolicy, successorWaits } from './applicationFindings.ts';
import { assessObject, type VaultPolicy } from './assess.ts';
import type { CredentialMetadata, SourceKnowledge } from './credential.ts';

export interface SeenCredential {
  readonly credential: ApplicationCredential;
  readonly metadata: CredentialMetadata;
  readonly isAsking: boolean;
}

/** An application with its credentials, as far as one page shows them: nobody was asked for owners yet. */
export interface SeenApplication {
  readonly application: DirectoryApplication;
  readonly credentials: readonly SeenCredential[];
  /** Whether any of them needs attention: then it is worth a question. */
  readonly isAsking: boolean;
  /** Whether there is a finding that concerns its owner, which may wait. */
  readonly hasFinding: boolean;
}

/** @param policies absent: nobody knows what the tenant allows */
export const seenApplication = (
  application: DirectoryApplication,
  policies: ManagementPolicies | undefined,
  policy: VaultPolicy,
  nowEpochMs: number,
): SeenApplication => {
  const all = credentialsOf(application);
  const tags = tagsOf(application);
  const credentials = all.map((credential): SeenCredential => {
    const metadata = metadataOf(credential, tags, {
      appId: application.appId,
      rotationId: credential.rotationId,
      isOwnerUnread: true,
      supersededBy: successorOf(credential, all, nowEpochMs)?.name,
      findings: overPolicy(credential, application, policies, nowEpochMs),
    });
    const isAsking = needsAttention(assessObject(metadata, policy, nowEpochMs));
    const found = isAsking ? successorWaits(credential, all, nowEpochMs) : NONE;
    return { credential, metadata: knowing(metadata, {}, found), isAsking };
  });
  return {
    application,
    credentials,
    isAsking: credentials.some((one) => one.isAsking),
    hasFinding: credentials.some(({ metadata }) => (metadata.known?.findings ?? NONE).length > 0),
  };
};

const NONE: readonly Finding[] = [];

const metadataOf = (
  { kind, name, keyId, startEpochMs, endEpochMs }: ApplicationCredential,
  tags: CredentialMetadata['tags'],
  known: SourceKnowledge,
): CredentialMetadata => ({
  kind,
  name,
  version: keyId,
  enabled: true,
  // The directory keeps no other date of its making.
  createdEpochMs: startEpochMs,
  notBeforeEpochMs: startEpochMs,
  expiresOnEpochMs: endEpochMs,
  managed: false,
  tags,
  known,
});

/** The same with what was found out since. */
export const knowing = (
  metadata: CredentialMetadata,
  more: Omit<SourceKnowledge, 'findings'>,
  findings: readonly Finding[] = NONE,
): CredentialMetadata => ({
  ...metadata,
  known: { ...metadata.known, ...more, findings: [...(metadata.known?.findings ?? NONE), ...findings] },
});
