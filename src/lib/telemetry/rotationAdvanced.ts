import { ROTATION_OUTCOMES } from '../credentials/rotationOutcomes.ts';
import { keysOf, meaningsOf } from '../kernel/keysOf.ts';
import { action, httpStatus, owner, permanence, reason, runbook, runId, vault } from './attributes.ts';

/** One turn at the rotation of a client secret. */
export const rotationAdvanced = {
  meaning:
    'One turn at the rotation of the client secret of an application: what it did, or why it could not. Nothing is sent while nothing is to be done; each rotation is looked at once a day at least.',
  attributes: {
    credentialId: { type: 'string', meaning: 'Stable id: `rotation/ID`.' },
    outcome: {
      type: 'string',
      values: keysOf(ROTATION_OUTCOMES),
      meaning: meaningsOf(ROTATION_OUTCOMES),
    },
    permanence,
    reason: {
      ...reason,
      meaning:
        'Why it failed, as a stable code; of `removed` also why nobody was asked who uses the secret, `use_unknown` where the sign-in logs show nothing of the application; else absent.',
    },
    httpStatus,
    vault,
    name: { type: 'string', meaning: 'Name of the vault secret that its consumers read.' },
    application: { type: 'string', meaning: 'Client id of the application.' },
    keyId: {
      type: 'string',
      optional: true,
      meaning:
        'Which secret of the application this is about, as the directory and its sign-in logs call it.',
    },
    endsOn: { type: 'instant', optional: true, meaning: 'End of the secret that was made or stored.' },
    lastUsedOn: {
      type: 'instant',
      optional: true,
      meaning: 'When somebody last signed in with the secret that is in use.',
    },
    owner,
    runbook,
    action,
    runId,
  },
} as const;
