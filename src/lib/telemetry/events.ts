import { FINDING_CODES } from '../credentials/findings.ts';
import { GRANT_OUTCOMES } from '../credentials/grantOutcomes.ts';
import { JOBS, SCAN_JOBS } from '../credentials/jobs.ts';
import { CREDENTIAL_KINDS } from '../credentials/kinds.ts';
import { ALL_RUN_MODES, RUN_MODES, SCAN_MODES, SIGHT_MODES } from '../credentials/runModes.ts';
import { CREDENTIAL_STATUSES, STATUSES_WORST_FIRST } from '../credentials/statuses.ts';
import { keysOf, meaningsOf } from '../kernel/keysOf.ts';
import {
  action,
  appId,
  consentEndsAt,
  credentialId,
  deadline,
  findingCodes,
  grantId,
  httpStatus,
  oauthError,
  owner,
  periodSeconds,
  permanence,
  provider,
  reason,
  reconnectUrl,
  runbook,
  runId,
  suppressed,
  targets,
  tokenEndpointHost,
  vault,
} from './attributes.ts';
import { callerRefused } from './callerRefused.ts';
import type { AttributeDefinition } from './catalog.ts';
import { credentialProved } from './credentialProved.ts';
import { grantConnected } from './grantConnected.ts';
import { grantObserved } from './grantObserved.ts';
import { rotationAdvanced } from './rotationAdvanced.ts';
import { tokenHandedOut, tokenReported } from './tokenHandedOut.ts';

interface EventDefinition {
  readonly meaning: string;
  readonly attributes: Readonly<Record<string, AttributeDefinition>>;
}

const count = (meaning: string) =>
  ({ type: 'number', optional: true, unit: '{credential}', meaning }) as const;

const countOfStatus = count(
  'Credentials with that status; 0 is sent too. Ignored and managed ones are not in it. Absent for a timer.',
);
const countsByStatus = Object.fromEntries(
  STATUSES_WORST_FIRST.map((status) => [status, countOfStatus]),
) as Readonly<Record<keyof typeof CREDENTIAL_STATUSES, typeof countOfStatus>>;

/** Every custom event (`AppEvents`). Attribute values arrive in KQL as strings in `Properties`. */
export const events = {
  'keywatch.run.completed': {
    meaning:
      'One run of one job ended, well or not: the heartbeat. Vault scans send one per vault, timers one for each.',
    attributes: {
      job: {
        type: 'string',
        values: JOBS,
        meaning: 'Which job ended a run.',
      },
      vault: {
        type: 'string',
        optional: true,
        meaning: 'Name of the vault that was scanned; absent for a timer run as a whole.',
      },
      runId,
      mode: {
        type: 'string',
        values: ALL_RUN_MODES,
        meaning: meaningsOf(RUN_MODES),
      },
      outcome: {
        type: 'string',
        values: ['complete', 'failed'],
        meaning: 'A listing that stopped half-way is failed: its events are never the truth about the vault.',
      },
      reason,
      httpStatus,
      objects: {
        type: 'number',
        unit: '{credential}',
        meaning:
          'Credentials reported; for a timer the grants or clients that were looked at, for a search the vaults found.',
      },
      pages: { type: 'number', unit: '{page}', meaning: 'Pages listed.' },
      durationMs: { type: 'number', unit: 'ms', meaning: 'From first call to last.' },
      periodSeconds,
      ...countsByStatus,
      findings: { type: 'number', optional: true, unit: '{finding}', meaning: 'Hygiene faults seen.' },
      snoozed: count('Credentials whose alert is snoozed by tag.'),
      renewing: count('Credentials near their end that renew themselves, and are not late.'),
      superseded: count('Credentials of applications from which a newer one took over.'),
      ignored: count('Credentials left out by tag.'),
      managed: count('Secrets and keys that back a certificate, reported as that certificate.'),
    },
  },
  'keywatch.run.requested': {
    meaning:
      'The scan of one vault was asked for. Each is followed by `keywatch.run.completed`: a vault for which none comes is not being watched.',
    attributes: {
      job: { type: 'string', values: SCAN_JOBS, meaning: 'Which job is asked.' },
      vault: { type: 'string', meaning: 'Name of the vault.' },
      runId,
      mode: { type: 'string', values: SCAN_MODES, meaning: 'How much is to be reported.' },
      periodSeconds,
    },
  },
  'keywatch.credential.observed': {
    meaning:
      'A credential as a scan saw it. Sent on every scan for what needs attention, for everything once a day (inventory).',
    attributes: {
      credentialId,
      kind: {
        type: 'string',
        values: keysOf(CREDENTIAL_KINDS),
        meaning: `What it is. ${meaningsOf(CREDENTIAL_KINDS)}`,
      },
      vault,
      name: { type: 'string', meaning: 'Its name there.' },
      version: {
        type: 'string',
        optional: true,
        meaning: 'Its version, where one was named; of an application its key id.',
      },
      appId,
      rotation: {
        type: 'string',
        optional: true,
        meaning: 'Id of the client whose rotation by Keywatch made it; absent: somebody else did.',
      },
      createdOn: {
        type: 'instant',
        optional: true,
        meaning: 'When that version, or the newest where none is named, was made.',
      },
      status: {
        type: 'string',
        values: STATUSES_WORST_FIRST,
        meaning: `Where it stood; its own thresholds are already applied. ${meaningsOf(CREDENTIAL_STATUSES)}`,
      },
      expiresOn: {
        type: 'instant',
        optional: true,
        meaning: 'Absolute end; days are computed in the query.',
      },
      notBefore: { type: 'instant', optional: true, meaning: 'Absolute start.' },
      warningAt: { type: 'instant', optional: true, meaning: 'When it becomes warning.' },
      criticalAt: { type: 'instant', optional: true, meaning: 'When it becomes critical.' },
      alertUntil: {
        type: 'instant',
        optional: true,
        meaning: 'Until when its end is critical; from then on it is the finding ended_long_ago.',
      },
      owner,
      runbook,
      targets: {
        ...targets,
        meaning: 'Hosts that it is used at, by its tag or a rule of the config, comma-separated.',
      },
      suppressed,
      snoozedUntil: { type: 'instant', optional: true, meaning: 'End of the snooze.' },
      renewal: {
        type: 'string',
        optional: true,
        meaning:
          'In words: by what it renews itself and when that is due, or why it does not. Absent where nobody asked.',
      },
      findings: findingCodes,
      runId,
      mode: { type: 'string', values: SIGHT_MODES, meaning: 'Mode of the scan that saw it.' },
    },
  },
  'keywatch.finding.observed': {
    meaning: 'A hygiene fault of a credential; sent with the daily inventory and for single objects.',
    attributes: {
      credentialId,
      vault,
      finding: {
        type: 'string',
        values: FINDING_CODES,
        meaning: 'Which fault (docs/findings.md).',
      },
      detail: { type: 'string', meaning: 'One sentence for people.' },
      owner,
      runbook,
      suppressed,
      runId,
    },
  },
  'keywatch.grant.refreshed': {
    meaning: 'An attempt at one grant ended. One event an attempt, whatever came of it.',
    attributes: {
      credentialId: grantId,
      outcome: {
        type: 'string',
        values: keysOf(GRANT_OUTCOMES),
        meaning: meaningsOf(GRANT_OUTCOMES),
      },
      permanence,
      reason,
      oauthError,
      httpStatus,
      provider,
      tokenEndpointHost,
      targets,
      rotated: {
        type: 'boolean',
        optional: true,
        meaning: 'Whether the answer carried a new refresh token.',
      },
      seq: { type: 'number', optional: true, meaning: 'Sequence number of the stored token.' },
      deadline,
      consentEndsAt,
      durationMs: { type: 'number', unit: 'ms', meaning: 'Of the whole attempt.' },
      owner,
      runbook,
      reconnectUrl,
      action,
    },
  },
  'keywatch.grant.observed': grantObserved,
  'keywatch.grant.connected': grantConnected,
  'keywatch.credential.proved': credentialProved,
  'keywatch.rotation.advanced': rotationAdvanced,
  'keywatch.caller.refused': callerRefused,
  'keywatch.token.handed_out': tokenHandedOut,
  'keywatch.token.reported': tokenReported,
} as const satisfies Readonly<Record<string, EventDefinition>>;
