/** What one turn at the rotation of an application's secret came to. */
export const ROTATION_OUTCOMES = {
  current: { meaning: 'nothing is due' },
  added: { meaning: 'a new secret was made at the directory, and is kept sealed' },
  settling: {
    meaning: 'the new secret is not proven yet, or what was begun is waited out; consumers have the old one',
  },
  stored: { meaning: 'the new secret is proven and in the vault' },
  removed: { meaning: 'a secret that is not needed any more was removed from the directory' },
  in_use: {
    meaning:
      'an old secret is still used to sign in, and stays until nobody has for `keepOldDays`, or it has ended',
  },
  taken_back: { meaning: 'the new secret was given up, and is removed; consumers have the old one' },
  failed: { meaning: 'it cannot go on; what the vault holds is as it was' },
} as const;

export type RotationOutcome = keyof typeof ROTATION_OUTCOMES;
