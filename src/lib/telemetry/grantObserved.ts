/**
 * The standing of one grant. `keywatch.grant.refreshed` tells of an attempt once; a dead or stuck grant
 * sees no further attempt, so its state has to be told again for as long as it lasts.
 */
export const grantObserved = {
  meaning:
    'A grant as the refresh timer saw it: one that is dead or stuck at every round, any other once an hour. Not sent while attempts fail: those are events of their own.',
  attributes: {
    credentialId: { type: 'string', meaning: 'Stable id: `grant/ID`.' },
    outcome: {
      type: 'string',
      optional: true,
      values: [
        'refreshed',
        'recovered',
        'transient_failure',
        'misconfigured',
        'preflight_failed',
        'not_stored',
        'ambiguous',
        'dead',
      ],
      meaning:
        'Outcome of its last attempt, as in keywatch.grant.refreshed; absent when the stored token was written after it, or none was made.',
    },
    reason: { type: 'string', optional: true, meaning: 'Reason of that outcome, as a stable code.' },
    provider: { type: 'string', meaning: 'Id of the authorization server in the config.' },
    tokenEndpointHost: { type: 'string', meaning: 'Host that the token is sent to.' },
    refreshedAt: { type: 'instant', optional: true, meaning: 'When a token was last obtained and stored.' },
    dueAt: { type: 'instant', optional: true, meaning: 'When it is to be refreshed next.' },
    deadline: {
      type: 'instant',
      optional: true,
      meaning: 'When the grant dies if nobody refreshes it again.',
    },
    owner: {
      type: 'string',
      optional: true,
      meaning: 'Who owns the credential, from its tag or the config.',
    },
    runbook: { type: 'string', optional: true, meaning: 'Link to what its owner wants done.' },
    reconnectUrl: { type: 'string', optional: true, meaning: 'Where a person renews the consent.' },
    action: { type: 'string', optional: true, meaning: 'What to do, in one sentence.' },
  },
} as const;
