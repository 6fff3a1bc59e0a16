import type { Severity } from './severities.ts';

/** What one turn at the rotation of an application's secret came to. */
export const ROTATION_OUTCOMES = {
  current: { meaning: 'nothing is due', severity: 'ok' },
  added: { meaning: 'a new secret was made at the directory, and is kept sealed', severity: 'ok' },
  settling: {
    meaning: 'the new secret is not proven yet, or what was begun is waited out; consumers have the old one',
    severity: 'none',
  },
  stored: { meaning: 'the new secret is proven and in the vault', severity: 'ok' },
  removed: { meaning: 'a secret that is not needed any more was removed from the directory', severity: 'ok' },
  in_use: {
    meaning:
      'an old secret is still used to sign in, and stays until nobody has for `keepOldDays`, or it has ended',
    severity: 'none',
  },
  taken_back: {
    meaning: 'the new secret was given up, and is removed; consumers have the old one',
    severity: 'warning',
  },
  failed: { meaning: 'it cannot go on; what the vault holds is as it was', severity: 'error' },
} as const satisfies Readonly<Record<string, { readonly meaning: string; readonly severity: Severity }>>;

export type RotationOutcome = keyof typeof ROTATION_OUTCOMES;
