interface TriggerRow {
  readonly meaning: string;
  /** Refreshes a grant that is not due; the others find nothing to do when an earlier message already did it. */
  readonly byHand: boolean;
  /** Only a person on a command line may ask for it: it overrides what keeps a token from being sent twice. */
  readonly isPersonsWish: boolean;
}

/** What made a worker look at a grant. */
export const REFRESH_TRIGGERS = {
  due: { meaning: 'the timer found it due', byHand: false, isPersonsWish: false },
  watchdog: { meaning: 'an attempt was begun and may not have ended', byHand: false, isPersonsWish: false },
  access_token: {
    meaning: 'somebody asked for an access token, and the one on record does not serve',
    byHand: false,
    isPersonsWish: false,
  },
  reconcile: { meaning: 'record and vault may differ', byHand: false, isPersonsWish: false },
  manual: { meaning: 'a person asked for it', byHand: true, isPersonsWish: false },
  adopt: { meaning: 'a person takes it over from another deployment', byHand: true, isPersonsWish: true },
  again: { meaning: 'a person sends a token again that was called dead', byHand: true, isPersonsWish: true },
} as const satisfies Readonly<Record<string, TriggerRow>>;

export type RefreshTrigger = keyof typeof REFRESH_TRIGGERS;

export const isByHand = (trigger: RefreshTrigger): boolean => REFRESH_TRIGGERS[trigger].byHand;

export const isPersonsWish = (trigger: RefreshTrigger): boolean => REFRESH_TRIGGERS[trigger].isPersonsWish;
