import { FINDING_CODES } from '../credentials/findings.ts';
import { JOBS, SCAN_JOBS } from '../credentials/jobs.ts';
import { CREDENTIAL_KINDS } from '../credentials/kinds.ts';
import { ALL_RUN_MODES, RUN_MODES, SCAN_MODES, SIGHT_MODES } from '../credentials/runModes.ts';
import { CREDENTIAL_STATUSES, STATUSES_WORST_FIRST } from '../credentials/statuses.ts';
import { keysOf, meaningsOf } from '../kernel/keysOf.ts';
import {
  appId,
  credentialId,
  findingCodes,
  httpStatus,
  owner,
  periodSeconds,
  reason,
  runbook,
  runId,
  suppressed,
  targets,
  vault,
} from './attributes.ts';
import { flag, instant, oneOfWords, optional, quantity, text } from './attributeTypes.ts';

const count = (meaning: string) => optional(quantity('{credential}', meaning));

const countOfStatus = count(
  'Credentials with that status; 0 is sent too. Ignored and managed ones are not in it. Absent for a timer.',
);
const countsByStatus = Object.fromEntries(
  STATUSES_WORST_FIRST.map((status) => [status, countOfStatus]),
) as Readonly<Record<keyof typeof CREDENTIAL_STATUSES, typeof countOfStatus>>;

/** What runs see of credentials. */
export const scanEvents = {
  'keywatch.run.completed': {
    meaning:
      'One run of one job ended, well or not: the heartbeat. Vault scans send one per vault, timers one for each.',
    attributes: {
      job: oneOfWords(JOBS, 'Which job ended a run.'),
      vault: optional(text('Name of the vault that was scanned; absent for a timer run as a whole.')),
      runId,
      mode: oneOfWords(ALL_RUN_MODES, meaningsOf(RUN_MODES)),
      outcome: oneOfWords(
        ['complete', 'failed'],
        'A listing that stopped half-way is failed: its events are never the truth about the vault.',
      ),
      reason,
      httpStatus,
      objects: quantity(
        '{credential}',
        'Credentials reported; for a timer the grants or clients that were looked at, for a search the vaults found.',
      ),
      pages: quantity('{page}', 'Pages listed.'),
      durationMs: quantity('ms', 'From first call to last.'),
      periodSeconds,
      ...countsByStatus,
      findings: optional(quantity('{finding}', 'Hygiene faults seen.')),
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
      job: oneOfWords(SCAN_JOBS, 'Which job is asked.'),
      vault: text('Name of the vault.'),
      runId,
      mode: oneOfWords(SCAN_MODES, 'How much is to be reported.'),
      periodSeconds,
    },
  },
  'keywatch.credential.observed': {
    meaning:
      'A credential as a scan saw it. Sent on every scan for what needs attention, for everything once a day (inventory).',
    attributes: {
      credentialId,
      kind: oneOfWords(keysOf(CREDENTIAL_KINDS), `What it is. ${meaningsOf(CREDENTIAL_KINDS)}`),
      vault,
      name: text('Its name there.'),
      version: optional(text('Its version, where one was named; of an application its key id.')),
      appId,
      rotation: optional(
        text('Id of the client whose rotation by Keywatch made it; absent: somebody else did.'),
      ),
      createdOn: optional(instant('When that version, or the newest where none is named, was made.')),
      status: oneOfWords(
        STATUSES_WORST_FIRST,
        `Where it stood; its own thresholds are already applied. ${meaningsOf(CREDENTIAL_STATUSES)}`,
      ),
      expiresOn: optional(instant('Absolute end; days are computed in the query.')),
      notBefore: optional(instant('Absolute start.')),
      warningAt: optional(instant('When it becomes warning.')),
      criticalAt: optional(instant('When it becomes critical.')),
      alertUntil: optional(
        instant('Until when its end is critical; from then on it is the finding ended_long_ago.'),
      ),
      owner,
      ownerUnread: optional(
        flag('True where its directory would say whose it is and was not asked, or did not answer.'),
      ),
      runbook,
      targets: {
        ...targets,
        meaning: 'Hosts that it is used at, by its tag or a rule of the config, comma-separated.',
      },
      suppressed,
      snoozedUntil: optional(instant('End of the snooze.')),
      renewal: optional(
        text(
          'In words: by what it renews itself and when that is due, or why it does not. Absent where nobody asked.',
        ),
      ),
      findings: findingCodes,
      runId,
      mode: oneOfWords(SIGHT_MODES, 'Mode of the scan that saw it.'),
    },
  },
  'keywatch.finding.observed': {
    meaning: 'A hygiene fault of a credential; sent with the daily inventory and for single objects.',
    attributes: {
      credentialId,
      vault,
      finding: oneOfWords(FINDING_CODES, 'Which fault (docs/findings.md).'),
      detail: text('One sentence for people.'),
      owner,
      runbook,
      suppressed,
      runId,
    },
  },
} as const;
