import { readGuid } from '../readers.ts';
import { ALLOWED_SCHEDULE, DEFAULT_SCHEDULES, readSchedule } from '../schedule.ts';
import { setting } from './setting.ts';

/** When grants are refreshed and clients proven, and by whom. */
export const REFRESH_SETTINGS = {
  KEYWATCH_REFRESH_SCHEDULE: setting({
    meaning:
      'When grants are looked through for those that are due (NCRONTAB, UTC). From three minutes before a full hour until three after it a refresh is begun only where the deadline is less than an hour away, or by hand.',
    allowed: ALLOWED_SCHEDULE,
    defaultText: DEFAULT_SCHEDULES.KEYWATCH_REFRESH_SCHEDULE,
    read: readSchedule,
  }),
  KEYWATCH_PROOF_SCHEDULE: setting({
    meaning:
      'When clients are proven (NCRONTAB, UTC): how long a revoked secret goes unnoticed at most, and one request for a token each.',
    allowed: ALLOWED_SCHEDULE,
    defaultText: DEFAULT_SCHEDULES.KEYWATCH_PROOF_SCHEDULE,
    read: readSchedule,
  }),
  KEYWATCH_REFRESHER_CLIENT_ID: setting({
    meaning:
      'Client id of the user-assigned identity that reads and writes the secrets of grants, and proves clients.',
    allowed: 'a client id (GUID)',
    read: readGuid,
  }),
};
