import type { StoreAnswer, StoreFailure } from '../../kernel/storeFailure.ts';
import type {
  NewTokenVersion,
  TokenStore,
  TokenVersion,
  TokenVersionProperties,
} from '../../stores/ports.ts';
import {
  newestOf,
  type SealedSecret,
  type SealedVersion,
  sealedNumberOf,
  withVersion,
} from '../rules/sealedSecret.ts';
import { type SealedSecretDocument, sealedFailure } from './sealedSecretDocument.ts';

const propertiesOf = ({
  version,
  tags,
  contentType,
  expiresOnEpochMs,
  createdEpochMs,
}: SealedVersion): TokenVersionProperties => ({
  version,
  enabled: true,
  tags,
  contentType,
  expiresOnEpochMs,
  createdEpochMs,
});

const notThere = (message: string): StoreFailure =>
  sealedFailure('not_found', { message, action: 'Consent again: npm run connect.' });

/** Another worker gave the secret back to the vault: what is written here now nobody would look for. */
const handedBack = (): StoreFailure =>
  sealedFailure('conflict', { message: 'The sealed secret was handed back to the vault meanwhile.' });

const active = (secret: SealedSecret | undefined): SealedSecret | StoreFailure => {
  if (secret === undefined) return notThere('The sealed secret is gone.');
  return secret.state === 'active' ? secret : handedBack();
};

/**
 * What the refresh protocol takes for the vault of a grant whose token is kept sealed. Unlike Key Vault it compares
 * and swaps, so that no write lands late and none is lost; a version that is switched off is removed.
 *
 * Versions of Key Vault are read, listed and switched off too, never written: before a grant is called dead, what a
 * person wrote there below one of our copies has to be found.
 */
export const sealedSecretAsVault = (
  document: SealedSecretDocument,
  vault: TokenStore,
  /** Hears of a version that could not be written. */
  onUnwritten: (version: NewTokenVersion) => void = () => undefined,
): TokenStore => {
  const read = async (
    pick: (secret: SealedSecret) => SealedVersion | undefined,
  ): Promise<StoreAnswer<{ readonly token: TokenVersion }>> => {
    const found = await document.read();
    if (!found.ok) return found;
    const secret = active(found.secret);
    if ('ok' in secret) return secret;
    const version = pick(secret);
    if (version === undefined) return notThere('The sealed secret has no such version.');
    const opened = await document.open(version);
    return opened.ok ? { ok: true, token: { ...propertiesOf(version), value: opened.value } } : opened;
  };

  return {
    async readLatest() {
      const found = await read(newestOf);
      return found.ok ? { ok: true, latest: found.token } : found;
    },
    readVersion: (secret, version) =>
      sealedNumberOf(version) === undefined
        ? vault.readVersion(secret, version)
        : read(({ versions }) => versions.find((candidate) => candidate.version === version)),
    async write(_secret, given) {
      const prepared = await document.prepareVersion();
      if (!prepared.ok) return prepared;
      const changed = await document.change((found) => {
        const secret = active(found);
        if ('ok' in secret) return secret;
        return prepared.find(secret) === undefined
          ? withVersion(secret, prepared.versionOf(secret, given))
          : secret;
      });
      if (!changed.ok) onUnwritten(given);
      if (!changed.ok) return changed;
      return { ok: true, version: prepared.find(changed.secret)?.version ?? '' };
    },
    async listVersions(secret) {
      const found = await document.read();
      if (!found.ok) return found;
      const listed = await vault.listVersions(secret);
      if (!listed.ok) return listed;
      return {
        ok: true,
        versions: [...(found.secret?.versions ?? []).map(propertiesOf), ...listed.versions],
      };
    },
    updateProperties: (_secret, name, properties) =>
      document.change((found) => {
        const secret = active(found);
        if ('ok' in secret) return secret;
        if (!secret.versions.some(({ version }) => version === name))
          return notThere('The sealed secret has no such version.');
        const update = (version: SealedVersion) =>
          version.version === name ? { ...version, ...properties } : version;
        return { ...secret, versions: secret.versions.map(update) };
      }),
    disableVersion: (secret, name) =>
      sealedNumberOf(name) === undefined
        ? vault.disableVersion(secret, name)
        : document.change((found) => {
            const current = active(found);
            if ('ok' in current) return current;
            const versions = current.versions.filter(({ version }) => version !== name);
            return versions.length === current.versions.length ? current : { ...current, versions };
          }),
  };
};
