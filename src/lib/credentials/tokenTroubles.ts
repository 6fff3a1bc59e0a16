interface TokenTroubleRow {
  readonly meaning: string;
  /** What to do about it, in one sentence. */
  readonly action: string;
}

/** Why a caller who may have an access token of a grant gets none for now, by no fault of the caller. */
export const TOKEN_TROUBLES = {
  record_unreadable: {
    meaning: 'the record of the grant cannot be read',
    action: 'Look at the storage account of Keywatch: its firewall, and the role of the refresher there.',
  },
  token_unopened: {
    meaning: 'the token on record cannot be opened',
    action:
      'Look at the vault of the sealing key: its firewall, the role of the refresher, and whether the key is enabled.',
  },
  refresh_failing: {
    meaning: 'the refresh fails, or a failure of it cools down',
    action: 'npm run refresh -- --grant ID --dry-run says what the refresh waits for.',
  },
  refresh_slow: {
    meaning: 'a refresh takes longer than a caller waits',
    action: 'Compare DurationMs of the calls to the token endpoint with the 20 seconds that a caller waits.',
  },
  none_usable: {
    meaning: 'the refresh ends well and leaves no access token that can be handed on',
    action:
      'Have the provider give this client bearer tokens, not such as are bound to a key, nor longer than 25,600 characters, nor shorter-lived than 30 seconds.',
  },
  exception: {
    meaning: 'Keywatch itself failed (500)',
    action:
      'Look at the exceptions of the function grantToken, and at what was deployed before the first of them.',
  },
} as const satisfies Readonly<Record<string, TokenTroubleRow>>;

export type TokenTrouble = keyof typeof TOKEN_TROUBLES;
