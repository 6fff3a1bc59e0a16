import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphRole } from '../lib/directory/rules/graphRoles.ts';
import { DAY_MS } from '../lib/kernel/time.ts';
import type { DataFolder } from './dataFolder.ts';
import { type DirectoryStandIn, startDirectoryStandIn } from './directory/directoryStandIn.ts';
import { type TenantDirectory, tenantDirectory } from './directory/tenantDirectory.ts';
import { addApplication, entraTenant, type TenantOwner } from './entra/tenant.ts';
import type { KeyVaultStandIn } from './keyVault/keyVaultStandIn.ts';
import { selfSignedCertificate } from './keyVault/selfSigned.ts';
import {
  COMPANY_POLICY,
  COMPANY_TIE,
  companyApplications,
  companySaml,
  type SeededApplication,
  type SeededCredential,
} from './seed/companyApplications.ts';
import { guidOf } from './seed/guidOf.ts';
import { ROTATOR } from './seed/rotator.ts';
import { replaceFile } from './stateFile.ts';

export interface LocalDirectory {
  readonly standIn: DirectoryStandIn;
  readonly directory: TenantDirectory;
  /** Credentials in it, each once. */
  readonly held: number;
  /** For the config file. */
  readonly config: { readonly directory: object };
}

export interface LocalDirectoryOptions {
  readonly folder: DataFolder;
  readonly vaults: KeyVaultStandIn;
  readonly nowEpochMs: () => number;
}

const SCANNER_ROLES: readonly GraphRole[] = ['Application.Read.All', 'Policy.Read.All', 'User.Read.All'];
/** So that "in 12 days" does not become 11 while one looks at it. */
const MARGIN_MS = 6 * 60 * 60_000;
const DEFAULT_AGE_DAYS = 60;

/** Starts the tenant of the seeded company, with the dates that it had when it was first started with this folder. */
export const startLocalDirectory = async ({
  folder,
  vaults,
  nowEpochMs,
}: LocalDirectoryOptions): Promise<LocalDirectory> => {
  const directory = companyDirectory(nowEpochMs, seededEpochMs(folder, nowEpochMs()));
  const standIn = await startDirectoryStandIn({
    directory,
    tokens: vaults.tokens,
    callers: {
      scanner: { principalId: guidOf('identity', 'scanner'), roles: SCANNER_ROLES },
      rotator: { principalId: ROTATOR.id, roles: ['Application.ReadWrite.OwnedBy'] },
    },
  });
  const { application, vault, secretName } = COMPANY_TIE;
  const tie = { appId: guidOf(application, 'app'), vault: vaults.vault(vault).url, secretName };
  const { tenantId } = directory.tenant;
  const held =
    directory.samlPrincipals.flatMap(({ certificates }) => certificates).length +
    directory.tenant.applications.flatMap(({ secrets, certificates }) => [...secrets, ...certificates])
      .length;
  return {
    standIn,
    directory,
    held,
    config: {
      directory: { tenantId, name: 'contoso-entra', graphUrl: standIn.url, saml: true, applications: [tie] },
    },
  };
};

/** Only the day is kept: everything else of the tenant follows from it. */
const seededEpochMs = ({ isKept, path }: DataFolder, nowEpochMs: number): number => {
  const file = join(path, 'directory-seeded-at');
  if (!isKept) return nowEpochMs;
  const kept = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN;
  if (Number.isSafeInteger(kept) && kept > 0) return kept;
  replaceFile(file, String(nowEpochMs));
  return nowEpochMs;
};

export const companyDirectory = (nowEpochMs: () => number, seededAtEpochMs: number): TenantDirectory => {
  const directory = tenantDirectory(entraTenant(nowEpochMs, guidOf('tenant')));
  const inDays = (days: number): number => Math.floor(seededAtEpochMs + days * DAY_MS) + MARGIN_MS;
  const datesOf = ({ endsInDays, madeDaysAgo = DEFAULT_AGE_DAYS }: SeededCredential) => ({
    startEpochMs: inDays(-madeDaysAgo) - MARGIN_MS,
    endEpochMs: inDays(endsInDays),
  });
  for (const { name, secrets = [], certificates = [], owner, ...shown } of companyApplications) {
    addApplication(directory.tenant, {
      ...shown,
      displayName: name,
      appId: guidOf(name, 'app'),
      objectId: guidOf(name, 'object'),
      createdEpochMs: inDays(-2_000),
      owners: ownersOf(owner),
      secrets: secrets.map((one, index) => {
        const { startEpochMs, endEpochMs } = datesOf(one);
        const value = randomBytes(30).toString('base64url');
        const dates = { startEpochMs, endEpochMs, acceptedFromEpochMs: startEpochMs };
        return { keyId: guidOf(name, 'secret', index), value, displayName: one.displayName ?? '', ...dates };
      }),
      certificates: certificates.map((one, index) => {
        const { startEpochMs, endEpochMs } = datesOf(one);
        const dates = { notBeforeEpochMs: startEpochMs, notAfterEpochMs: endEpochMs };
        const { certificate } = selfSignedCertificate({ commonName: name, ...dates });
        return { keyId: guidOf(name, 'certificate', index), displayName: `CN=${name}`, certificate };
      }),
    });
  }
  addSaml(directory, inDays);
  directory.defaultPolicy = COMPANY_POLICY;
  return directory;
};

const addSaml = ({ samlPrincipals }: TenantDirectory, inDays: (days: number) => number): void => {
  const { name, activeEndsInDays, newEndsInDays, owner } = companySaml;
  const certificate = (endsInDays: number) => ({
    keyId: guidOf(name, 'saml', endsInDays),
    thumbprint: guidOf(name, endsInDays).replaceAll('-', '').padEnd(40, '0').toUpperCase(),
    startEpochMs: inDays(endsInDays - 3 * 365),
    endEpochMs: inDays(endsInDays),
  });
  const active = certificate(activeEndsInDays);
  samlPrincipals.push({
    objectId: guidOf(name, 'principal'),
    appId: guidOf(name, 'app'),
    displayName: name,
    certificates: [active, certificate(newEndsInDays)],
    activeThumbprint: active.thumbprint,
    owners: ownersOf(owner),
  });
};

const ownersOf = (owner: SeededApplication['owner']): readonly TenantOwner[] => {
  if (owner === undefined) return [];
  if ('application' in owner)
    return [
      {
        id: guidOf(owner.application, 'principal'),
        type: 'servicePrincipal',
        displayName: owner.application,
      },
    ];
  const { person } = owner;
  return [{ id: guidOf('person', person), type: 'user', displayName: person, mail: person }];
};
