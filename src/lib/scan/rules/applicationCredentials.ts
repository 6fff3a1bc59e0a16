import { MOST_TAGS } from '../../credentials/tagNames.ts';
import type { DirectoryApplication, ListedCredential } from '../../directory/rules/directoryApplication.ts';
import { rotationOf } from '../../directory/rules/rotatedName.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { ApplicationKind, CredentialMetadata } from './credential.ts';

/** One credential of an application, whatever number of entries the directory has for it. */
export interface ApplicationCredential {
  readonly kind: ApplicationKind;
  /** `APPLICATION/8c1d22f0/3f2b1c44`: the beginnings of client id and key id, by which the portal shows them. */
  readonly name: string;
  readonly keyId: string | undefined;
  /** The rotation of Keywatch that made it. */
  readonly rotationId: string | undefined;
  readonly startEpochMs: number | undefined;
  readonly endEpochMs: number | undefined;
  /** Of SAML: whether it is the one that signs. */
  readonly isActive: boolean;
}

/**
 * The credentials of an application, each once: a certificate that is listed to sign and to verify is one, and the
 * password of its key, which SAML lists beside it, is none of its own. The identifier alone joins nothing: several
 * tools write a description there, the same one for whatever they make.
 * @see https://github.com/Azure/azure-cli/issues/20175
 */
export const credentialsOf = (application: DirectoryApplication): readonly ApplicationCredential[] => {
  const entriesOf = new Map<string, ListedCredential[]>();
  const signing = new Set<string>();
  for (const { type, keyId } of application.credentials)
    if (type === 'certificate' && keyId !== undefined) signing.add(keyId);
  for (const [index, one] of application.credentials.entries()) {
    const { type, keyId = '', identifier, endEpochMs } = one;
    if (type === 'secret' && signing.has(keyId)) continue;
    const isJoined = type === 'certificate' && identifier !== undefined;
    const group = isJoined ? `${identifier} ${endEpochMs}` : String(index);
    entriesOf.set(group, [...(entriesOf.get(group) ?? []), one]);
  }
  const all = [...entriesOf.values()].map((entries, index) => credentialOf(application, entries, index));
  // Some tools make key ids that all begin alike.
  const isShared = ({ kind, name }: ApplicationCredential): boolean =>
    all.filter((other) => other.kind === kind && other.name === name).length > 1;
  return all.map((one) => (isShared(one) ? { ...one, name: nameOf(application, one.keyId) } : one));
};

/** Whoever registers an application may call it as another, and choose the id of a certificate, but not the client id. */
const nameOf = ({ appId, displayName = appId }: DirectoryApplication, key = 'without id'): string =>
  `${displayName}/${appId.slice(0, 8)}/${key}`;

const credentialOf = (
  application: DirectoryApplication,
  entries: readonly ListedCredential[],
  index: number,
): ApplicationCredential => {
  const { saml } = application;
  const [first] = entries;
  const isCertificate = first?.type === 'certificate';
  // The order of the entries is the directory's affair: the name must not change with it.
  const keyId = entries
    .flatMap((one) => one.keyId ?? [])
    .toSorted()
    .at(0);
  const isActive = first?.identifier !== undefined && first.identifier === saml?.activeThumbprint;
  return {
    rotationId: rotationOf(first?.displayName),
    kind: isCertificate ? (saml === undefined ? 'app_certificate' : 'saml_certificate') : 'app_secret',
    name: nameOf(application, keyId?.slice(0, 8) ?? `without id ${index + 1}`),
    keyId,
    startEpochMs: entries.find(({ startEpochMs }) => startEpochMs !== undefined)?.startEpochMs,
    endEpochMs: first?.endEpochMs,
    isActive,
  };
};

const isValid = ({ startEpochMs, endEpochMs }: ApplicationCredential, nowEpochMs: number): boolean =>
  (startEpochMs ?? nowEpochMs) <= nowEpochMs && (endEpochMs ?? Number.POSITIVE_INFINITY) > nowEpochMs;

const isNewer = (one: ApplicationCredential, other: ApplicationCredential): boolean =>
  (one.startEpochMs ?? 0) >= (other.startEpochMs ?? 0) &&
  (one.endEpochMs ?? Number.POSITIVE_INFINITY) > (other.endEpochMs ?? Number.POSITIVE_INFINITY);

/** Of a rotation: whether it may still wait to be proven and stored, or to be taken back, so that nobody has it. */
const mayBeTakenBack = (
  { rotationId, startEpochMs = 0 }: ApplicationCredential,
  nowEpochMs: number,
): boolean => rotationId !== undefined && nowEpochMs - startEpochMs < DAY_MS;

/**
 * What took over from a credential: one of its kind that is valid, was made later and ends later. Of SAML only the
 * active certificate signs, so that one stands for all others, and none stands for it.
 */
export const successorOf = (
  one: ApplicationCredential,
  all: readonly ApplicationCredential[],
  nowEpochMs: number,
): ApplicationCredential | undefined =>
  all.find((other) => {
    if (other === one || other.kind !== one.kind || !isValid(other, nowEpochMs)) return false;
    if (mayBeTakenBack(other, nowEpochMs)) return false;
    return one.kind === 'saml_certificate' ? other.isActive && !one.isActive : isNewer(other, one);
  });

/** A newer certificate of SAML that is valid and does not sign, beside the one that does. */
export const waitingSuccessorOf = (
  one: ApplicationCredential,
  all: readonly ApplicationCredential[],
  nowEpochMs: number,
): ApplicationCredential | undefined =>
  one.isActive
    ? all.find(
        (other) =>
          other.kind === 'saml_certificate' &&
          !other.isActive &&
          isValid(other, nowEpochMs) &&
          isNewer(other, one),
      )
    : undefined;

/** `keywatch-owner=TEAM` among the tags of an application steers its alerts as a tag in Key Vault does. */
export const tagsOf = ({ labels }: DirectoryApplication): CredentialMetadata['tags'] => {
  // An application may have a thousand, and each that is wrong is a finding of each credential.
  const ours = labels.filter((label) => /^keywatch-[a-z-]+=/i.test(label)).slice(0, MOST_TAGS);
  if (ours.length === 0) return NO_TAGS;
  return Object.fromEntries(
    ours.map((label) => {
      const at = label.indexOf('=');
      return [label.slice(0, at), label.slice(at + 1)];
    }),
  );
};

const NO_TAGS: CredentialMetadata['tags'] = Object.freeze({});
