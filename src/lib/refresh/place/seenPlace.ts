import type { StoreAnswer } from '../../kernel/storeFailure.ts';
import type { TokenStore } from '../../stores/ports.ts';
import { sealedSecretAsVault } from './sealedSecretAsVault.ts';
import { findPlace, type Place, type PlaceQuestion } from './tokenPlace.ts';

/** The place of a token for whoever only reads: with what a worker would do first already done. */
export interface SeenPlace {
  /** What a worker would find as the vault. */
  readonly vault: TokenStore;
  /** What a worker would do first, and where the token is; each one sentence. Empty: the vault has it. */
  readonly notes: readonly string[];
}

export const seenPlace = async (question: PlaceQuestion): Promise<StoreAnswer<SeenPlace>> => {
  const { vault } = question.ports;
  const found = await findPlace(question);
  if (!found.ok) return found;
  const { place } = found;
  const notes = notesOf(place);
  if (place.kind !== 'sealed') return { ok: true, vault, notes };
  const sealed = sealedSecretAsVault(place.document, vault);
  const { latest, view } = place;
  return latest !== undefined && view === 'foreign'
    ? { ok: true, vault: { ...sealed, readLatest: async () => ({ ok: true, latest }) }, notes }
    : { ok: true, vault: sealed, notes };
};

const notesOf = (place: Place): string[] => {
  switch (place.kind) {
    case 'vault':
      return [];
    case 'enters':
      return [
        'Would seal the token into keywatch-tokens first; from then on the vault gets a copy once a day.',
      ];
    case 'sealed':
      return [
        'The token is kept sealed in keywatch-tokens; the vault has a copy that is a day old at most.',
        ...(place.view === 'foreign'
          ? ['Would first take in the token that somebody wrote into the vault.']
          : place.leaves
            ? ['Would first write the newest token into the vault, which keeps it from then on.']
            : []),
      ];
  }
};
