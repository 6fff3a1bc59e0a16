import { LINK_FOR_PEOPLE } from '../../kernel/linkForPeople.ts';
import { readGuid, readLink } from '../readers.ts';
import { setting } from './setting.ts';

/** What the board asks, and what it links. */
export const BOARD_SETTINGS = {
  KEYWATCH_USE_WORKSPACE_ID: setting({
    meaning:
      'Log Analytics workspace that has the audit logs of the vaults and the sign-in logs of the tenant, read once a day by the identity that scans, for who uses which credential (docs/board.md, "Used by"). Absent: nobody asks, and that is not known.',
    allowed: 'a workspace ID (GUID), which is not its name',
    read: readGuid,
  }),
  KEYWATCH_RUNBOOK_BASE_URL: setting({
    meaning: 'What stands before the paths of runbooks on the board. Absent: they are not linked.',
    allowed: `${LINK_FOR_PEOPLE}: that of your copy of the repository`,
    read: readLink,
  }),
  KEYWATCH_WORKBOOK_URL: setting({
    meaning: 'Where the workbook is, for the board. Absent: it is not linked.',
    allowed: LINK_FOR_PEOPLE,
    read: readLink,
  }),
};
