import { isInstant } from '../kernel/instant.ts';
import type { ClientCredentialStore } from './ports.ts';

/** A store, and when what it handed over was made, by its metadata: the youngest decides. Absent: nobody says. */
export interface AgedCredentials {
  readonly store: ClientCredentialStore;
  madeEpochMs(): number | undefined;
}

export const notingAge = (store: ClientCredentialStore): AgedCredentials => {
  let madeEpochMs: number | undefined;
  const note = (created: number | undefined): void => {
    if (created !== undefined && isInstant(created)) madeEpochMs = Math.max(created, madeEpochMs ?? created);
  };
  return {
    store: {
      ...store,
      async readSecret(secret) {
        const read = await store.readSecret(secret);
        if (read.ok) note(read.createdEpochMs);
        return read;
      },
      async openSigner(key, choice) {
        const opened = await store.openSigner(key, choice);
        if (opened.ok) note(opened.createdEpochMs);
        return opened;
      },
    },
    madeEpochMs: () => madeEpochMs,
  };
};
