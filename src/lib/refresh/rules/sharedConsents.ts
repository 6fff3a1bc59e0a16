import type { Grant } from '../../oauth/rules/grant.ts';
import type { ProviderProfile } from '../../oauth/rules/providerProfile.ts';

/** A grant whose account is known, by what its provider tells consents apart. */
export interface KnownAccount {
  readonly grant: Pick<Grant, 'id' | 'clientId'>;
  readonly profile: Pick<ProviderProfile, 'tokenEndpoint'>;
  /** As the provider names it. */
  readonly account: string;
}

/** Grants that one account gave to one client at one server, each with the ids of the others. */
export const sharedConsents = <K extends KnownAccount>(
  known: readonly K[],
): readonly { readonly of: K; readonly others: readonly string[] }[] => {
  const groups = Map.groupBy(known, ({ grant, profile, account }) =>
    JSON.stringify([profile.tokenEndpoint, grant.clientId, account]),
  );
  return [...groups.values()].flatMap((group) =>
    group.length < 2
      ? []
      : group.map((of) => ({ of, others: group.filter((one) => one !== of).map(({ grant }) => grant.id) })),
  );
};
