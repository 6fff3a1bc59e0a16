import { nearestName } from '../lib/kernel/nearestName.ts';
import { printable } from '../lib/kernel/printable.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import type { ConfiguredGrant } from '../lib/oauth/rules/grant.ts';

/** The id of a grant as `--grant` gives it: bare, or as alerts and tables of credentials name it, `grant/ID`. */
export const grantOption = (given: string | undefined): string | undefined => given?.replace(/^grant\//, '');

/**
 * The grant of that id.
 * @throws UsageError where there is none
 */
export const configuredGrant = (
  grants: readonly ConfiguredGrant[],
  grantId: string | undefined,
  option = '--grant',
): ConfiguredGrant => {
  const found = grants.find(({ grant }) => grant.id === grantId);
  if (found !== undefined) return found;
  const known = grants.map(({ grant }) => grant.id);
  const near = grantId === undefined ? undefined : nearestName(grantId, known);
  const there = known.length === 0 ? 'the configuration names none' : `there are ${known.join(', ')}`;
  const hint = near === undefined ? there : `did you mean ${near}?`;
  throw new UsageError(
    grantId === undefined
      ? `${option}: name one; ${hint}`
      : `${option}: there is no grant "${printable(grantId)}"; ${hint}`,
  );
};
