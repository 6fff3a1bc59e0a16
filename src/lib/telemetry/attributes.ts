import { SUPPRESSIONS } from '../credentials/statuses.ts';
import { keysOf, meaningsOf } from '../kernel/keysOf.ts';
import { instant, number, oneOfWords, optional, quantity, text } from './attributeTypes.ts';

/** Attributes that more than one event, or a failure, carries: each is described here, once. */

export const deployment = text(
  'Id of the deployment that sent it: the name of its site, or `KEYWATCH_DEPLOYMENT`.',
);

export const credentialId = text('Stable id: `VAULT/KIND/NAME`, `grant/ID`, or `client/ID`.');

export const appId = optional(
  text('Client id of the application in Entra ID that it belongs to; absent of all else.'),
);

export const grantId = text('Stable id: `grant/ID`.');

export const vault = text('Name of the vault (or application) that holds it.');

export const owner = optional(text('Who owns the credential, from its tag or the config.'));

export const runbook = optional(text('Link to what its owner wants done.'));

export const periodSeconds = optional(
  quantity('s', 'Between two runs of the timer that asked, by its schedule; absent where nobody knows.'),
);

export const findingCodes = optional(text('Codes of its findings, comma-separated.'));

export const runId = text('Id of the scan that this belongs to; equal for all its events.');

export const reason = optional(text('Why it failed, as a stable code; absent on success.'));

export const httpStatus = optional(number('HTTP status of the answer that decided it.'));

export const oauthError = optional(text('`error` of the answer (RFC 6749 §5.2).'));

export const permanence = optional(
  oneOfWords(['permanent', 'transient'], 'Whether waiting can help; absent on success.'),
);

export const suppressed = optional(
  oneOfWords(keysOf(SUPPRESSIONS), `Why it must not alert: ${meaningsOf(SUPPRESSIONS)} Absent when it may.`),
);

export const action = optional(text('What to do, in one sentence.'));

export const provider = text('Id of the authorization server in the config.');

export const tokenEndpointHost = text('Host that the token is sent to.');

export const targets = optional(
  text('Hosts that its access tokens are used at, by the config, comma-separated.'),
);

export const deadline = optional(instant('When the grant dies if nobody refreshes it again.'));

export const consentEndsAt = optional(
  instant(
    'The end that no refresh moves: by then a person has to consent again. Absent where none is known.',
  ),
);

export const reconnectUrl = optional(text('Where a person renews the consent.'));
