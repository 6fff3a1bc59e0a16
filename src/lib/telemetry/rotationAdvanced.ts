import { ROTATION_OUTCOMES } from '../credentials/rotationOutcomes.ts';
import { action, httpStatus, owner, permanence, reason, runbook, runId, vault } from './attributes.ts';
import { instant, oneOf, optional, text } from './attributeTypes.ts';

/** One turn at the rotation of a client secret. */
export const rotationAdvanced = {
  meaning:
    'One turn at the rotation of the client secret of an application: what it did, or why it could not. Nothing is sent while nothing is to be done; each rotation is looked at once a day at least.',
  attributes: {
    credentialId: text('Stable id: `rotation/ID`.'),
    outcome: oneOf(ROTATION_OUTCOMES),
    permanence,
    reason: {
      ...reason,
      meaning:
        'Why it failed, as a stable code; of `removed` also why nobody was asked who uses the secret, `use_unknown` where the sign-in logs show nothing of the application; else absent.',
    },
    httpStatus,
    vault,
    name: text('Name of the vault secret that its consumers read.'),
    application: text('Client id of the application.'),
    keyId: optional(
      text('Which secret of the application this is about, as the directory and its sign-in logs call it.'),
    ),
    endsOn: optional(instant('End of the secret that was made or stored.')),
    lastUsedOn: optional(instant('When somebody last signed in with the secret that is in use.')),
    owner,
    runbook,
    action,
    runId,
  },
} as const;
