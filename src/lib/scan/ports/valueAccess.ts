/** Whether an identity may read the values of a vault's secrets. `unknown` when the vault did not say. */
export type ValueAccess = 'allowed' | 'denied' | 'unknown';

/** Finds out what an identity may do beyond listing, without reading any value. */
export interface ValueAccessProbe {
  /** Asks for a secret under a name that nobody has: only the kind of refusal is looked at. Never rejects. */
  mayReadValues(vaultUrl: string): Promise<ValueAccess>;
}
