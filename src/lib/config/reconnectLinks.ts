import { reconnectPath } from '../connect/rules/reconnectPath.ts';
import type { ConfiguredGrant } from '../oauth/rules/grant.ts';
import type { Config } from './config.ts';

/**
 * The grants with a page of this app where the config names no other, so that alerts, digest and workbook lead there:
 * of those that Keywatch refreshes, at providers that it knows how to ask, where people can sign in.
 */
export const withReconnectLinks = (
  grants: readonly ConfiguredGrant[],
  { callers, publicUrl }: Pick<Config, 'callers' | 'publicUrl'>,
): readonly ConfiguredGrant[] => {
  if (callers === undefined || publicUrl === undefined) return grants;
  return grants.map(({ grant, profile }) => {
    const isLinked = grant.mode === 'refreshed' && profile.authorization !== undefined;
    const reconnectUrl =
      grant.reconnectUrl ?? (isLinked ? `${publicUrl}${reconnectPath(grant.id)}` : undefined);
    return { grant: { ...grant, reconnectUrl }, profile };
  });
};
