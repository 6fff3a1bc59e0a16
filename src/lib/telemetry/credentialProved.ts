import { PROOF_OUTCOMES } from '../credentials/proofOutcomes.ts';
import {
  action,
  appId,
  findingCodes,
  httpStatus,
  oauthError,
  owner,
  permanence,
  runbook,
  runId,
  targets,
  vault,
} from './attributes.ts';
import { oneOf, optional, quantity, text } from './attributeTypes.ts';

/** What came of using a credential, sent at every run for every credential: the last one says where it stands. */
export const credentialProved = {
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
} as const;
