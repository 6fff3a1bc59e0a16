import { readGuid } from '../readers.ts';
import { setting } from './setting.ts';

/** Who rotates client secrets, and who knows what uses them. */
export const ROTATE_SETTINGS = {
  KEYWATCH_ROTATOR_CLIENT_ID: setting({
    meaning:
      'Client id of the user-assigned identity that rotates client secrets: it owns their applications, and writes their secrets in the vault (docs/rotation.md).',
    allowed: 'a client id (GUID)',
    read: readGuid,
  }),
  KEYWATCH_SIGN_IN_WORKSPACE_ID: setting({
    meaning:
      'Log Analytics workspace that the tenant sends the sign-in logs of its service principals to, read by the identity that rotates: an old client secret stays while they show its use (docs/rotation.md). Absent: it goes after `keepOldDays`, whoever uses it.',
    allowed: 'a workspace ID (GUID), which is not its name',
    read: readGuid,
  }),
};
