/** What can come of asking a person for a new consent to a grant. */
export const CONSENT_OUTCOMES = {
  connected: { meaning: 'its new refresh token is stored' },
  not_stored: { meaning: 'its new refresh token is held, and not in the vault yet' },
  asked: { meaning: 'nothing was changed yet: the person is asked whether this account is meant' },
  declined: { meaning: 'the person declined, at the provider or when asked; nothing was changed' },
  unneeded: {
    meaning: 'the grant was connected meanwhile, or is not known to be dead any more; nothing was changed',
  },
  refused: { meaning: 'nothing was changed' },
} as const;

export type ConsentOutcome = keyof typeof CONSENT_OUTCOMES;
