import { SUPPRESSIONS } from '../credentials/statuses.ts';
import { keysOf, meaningsOf } from '../kernel/keysOf.ts';

/** Attributes that more than one event, or a failure, carries: each is described here, once. */

export const deployment = {
  type: 'string',
  meaning: 'Id of the deployment that sent it: the name of its site, or `KEYWATCH_DEPLOYMENT`.',
} as const;

export const credentialId = {
  type: 'string',
  meaning: 'Stable id: `VAULT/KIND/NAME`, `grant/ID`, or `client/ID`.',
} as const;

export const appId = {
  type: 'string',
  optional: true,
  meaning: 'Client id of the application in Entra ID that it belongs to; absent of all else.',
} as const;

export const grantId = { type: 'string', meaning: 'Stable id: `grant/ID`.' } as const;

export const vault = {
  type: 'string',
  meaning: 'Name of the vault (or application) that holds it.',
} as const;

export const owner = {
  type: 'string',
  optional: true,
  meaning: 'Who owns the credential, from its tag or the config.',
} as const;

export const runbook = {
  type: 'string',
  optional: true,
  meaning: 'Link to what its owner wants done.',
} as const;

export const periodSeconds = {
  type: 'number',
  optional: true,
  unit: 's',
  meaning: 'Between two runs of the timer that asked, by its schedule; absent where nobody knows.',
} as const;

export const findingCodes = {
  type: 'string',
  optional: true,
  meaning: 'Codes of its findings, comma-separated.',
} as const;

export const runId = {
  type: 'string',
  meaning: 'Id of the scan that this belongs to; equal for all its events.',
} as const;

export const reason = {
  type: 'string',
  optional: true,
  meaning: 'Why it failed, as a stable code; absent on success.',
} as const;

export const httpStatus = {
  type: 'number',
  optional: true,
  meaning: 'HTTP status of the answer that decided it.',
} as const;

export const oauthError = {
  type: 'string',
  optional: true,
  meaning: '`error` of the answer (RFC 6749 §5.2).',
} as const;

export const permanence = {
  type: 'string',
  optional: true,
  values: ['permanent', 'transient'],
  meaning: 'Whether waiting can help; absent on success.',
} as const;

export const suppressed = {
  type: 'string',
  optional: true,
  values: keysOf(SUPPRESSIONS),
  meaning: `Why it must not alert: ${meaningsOf(SUPPRESSIONS)} Absent when it may.`,
} as const;

export const action = {
  type: 'string',
  optional: true,
  meaning: 'What to do, in one sentence.',
} as const;

export const provider = {
  type: 'string',
  meaning: 'Id of the authorization server in the config.',
} as const;

export const tokenEndpointHost = { type: 'string', meaning: 'Host that the token is sent to.' } as const;

export const targets = {
  type: 'string',
  optional: true,
  meaning: 'Hosts that its access tokens are used at, by the config, comma-separated.',
} as const;

export const deadline = {
  type: 'instant',
  optional: true,
  meaning: 'When the grant dies if nobody refreshes it again.',
} as const;

export const consentEndsAt = {
  type: 'instant',
  optional: true,
  meaning:
    'The end that no refresh moves: by then a person has to consent again. Absent where none is known.',
} as const;

export const reconnectUrl = {
  type: 'string',
  optional: true,
  meaning: 'Where a person renews the consent.',
} as const;
