import { PROOF_OUTCOMES } from '../credentials/proofOutcomes.ts';
import { ROTATION_OUTCOMES } from '../credentials/rotationOutcomes.ts';
import {
  action,
  appId,
  findingCodes,
  httpStatus,
  oauthError,
  owner,
  permanence,
  reason,
  runbook,
  runId,
  targets,
  vault,
} from './attributes.ts';
import { instant, oneOf, optional, quantity, text } from './attributeTypes.ts';

/** What becomes of clients: that their credential works, and its rotation. */
export const clientEvents = {
  'keywatch.credential.proved': {
    meaning:
      'A credential was used as its consumer would use it. Sent for each at every run, whatever came of it: the last one says where it stands.',
    attributes: {
      credentialId: text('Stable id: `client/ID`, or `grant/ID` after a refresh.'),
      outcome: oneOf(PROOF_OUTCOMES),
      class: text(
        'Of the outcome. ok; authentication: who it is was not accepted; authorization: it is known and may not; availability: nobody can tell; not_asked: nothing was proven.',
      ),
      permanence,
      whoActs: text('Who has to act: the owner, the owner of the certificate, an administrator …'),
      action,
      oauthError,
      httpStatus,
      numbers: optional(text('AADSTS numbers of the answer, comma-separated, the first first.')),
      requestId: optional(text('Id of the request at the authorization server, for its support.')),
      appId,
      vault: { ...vault, optional: true, meaning: 'Name of the vault that holds the credential.' },
      targets,
      findings: findingCodes,
      durationMs: quantity('ms', 'Of the whole proof.'),
      owner,
      runbook,
      runId,
    },
  },
  'keywatch.rotation.advanced': {
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
  },
} as const;
