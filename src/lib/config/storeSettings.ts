import type { ConfiguredGrant } from '../oauth/rules/grant.ts';
import type { Rotation } from '../rotate/rules/rotation.ts';
import type { IssueList } from './configIssue.ts';
import { SETTINGS, type Settings } from './settings.ts';

/** Where the refresh protocol keeps its control records, its watchdog and its sealing key. */
export interface RefreshSettings {
  readonly blobServiceUrl: string;
  readonly queueServiceUrl: string;
  readonly sealingKeyId: string;
  /** Where a token goes that neither vault nor control store takes; best in another region. */
  readonly fallbackBlobServiceUrl: string;
}

export interface RotateSettings extends Pick<RefreshSettings, 'blobServiceUrl' | 'sealingKeyId'> {
  readonly rotations: readonly Rotation[];
  /** Workspace with the sign-in logs of the tenant; absent: nobody can say who uses an old secret. */
  readonly signInWorkspaceId: string | undefined;
}

type Needed = 'KEYWATCH_BLOB_SERVICE_URL' | 'KEYWATCH_QUEUE_SERVICE_URL' | 'KEYWATCH_SEALING_KEY_ID';

const needing =
  (settings: Settings, what: string, issues: IssueList) =>
  (name: Needed): string => {
    const value = settings[name];
    const isSaid = issues.found.some(({ where }) => where === name);
    if (value === undefined && !isSaid) {
      const given = `missing, and ${what} needs it (docs/deploy.md, "Refresh by hand")`;
      issues.add(name, given, SETTINGS[name].allowed);
    }
    return value ?? '';
  };

/** What rotating needs, adding what is missing to `issues`; absent where nothing is rotated. */
export const rotateSettings = (
  settings: Settings,
  rotations: readonly Rotation[],
  issues: IssueList,
): RotateSettings | undefined => {
  if (rotations.length === 0) return undefined;
  const needed = needing(settings, 'rotating a client secret', issues);
  return {
    rotations,
    signInWorkspaceId: settings.KEYWATCH_SIGN_IN_WORKSPACE_ID,
    blobServiceUrl: needed('KEYWATCH_BLOB_SERVICE_URL'),
    sealingKeyId: needed('KEYWATCH_SEALING_KEY_ID'),
  };
};

/** What refreshing needs, adding what is missing to `issues`; absent where nothing is refreshed. */
export const refreshSettings = (
  settings: Settings,
  grants: readonly ConfiguredGrant[],
  issues: IssueList,
): RefreshSettings | undefined => {
  if (!grants.some(({ grant }) => grant.mode === 'refreshed')) return undefined;
  const needed = needing(settings, 'refreshing a grant', issues);
  return {
    blobServiceUrl: needed('KEYWATCH_BLOB_SERVICE_URL'),
    queueServiceUrl: needed('KEYWATCH_QUEUE_SERVICE_URL'),
    sealingKeyId: needed('KEYWATCH_SEALING_KEY_ID'),
    fallbackBlobServiceUrl:
      settings.KEYWATCH_FALLBACK_BLOB_SERVICE_URL ?? settings.KEYWATCH_BLOB_SERVICE_URL ?? '',
  };
};
