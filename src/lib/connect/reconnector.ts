import { type Failure, permanentFailure } from '../kernel/failure.ts';
import { isHandle, newHandle } from '../kernel/handle.ts';
import type { ConfiguredGrant } from '../oauth/rules/grant.ts';
import type { Consent } from '../refresh/refresher.ts';
import { consentRequest, holdingUntilSent, mayAsk } from './asking.ts';
import { resultHandleOf } from './attempt.ts';
import { consentOf, holdTokens, judgeAnswer } from './consent.ts';
import { consentEnds, type ReconnectorPorts, type Shown } from './consentEnds.ts';
import {
  type Asked,
  type Begun,
  type ConsentTicket,
  consentTickets,
  type Question,
  type Result,
  refuse,
  type Visitor,
} from './consentTickets.ts';
import { judgeCallback, unboundAnswer } from './rules/callback.ts';
import { reconnectCallbackPath } from './rules/reconnectPath.ts';

export interface ReconnectorSettings {
  readonly grants: readonly ConfiguredGrant[];
  /** Where browsers find this app: of the settings, never of a request. */
  readonly publicUrl: string;
}

/** How a grant stands for whoever may begin its consent anew. */
export interface GrantLook extends ConfiguredGrant {
  /** Whether a consent could be asked for, and taken in, now. */
  readonly may: Awaited<ReturnType<typeof mayAsk>>;
}

/** The authorization code flow for a browser that comes to the deployed app, in two halves. */
export interface Reconnector {
  /** Looks at a grant and changes nothing; absent: Keywatch does not refresh one of that id. */
  look(grantId: string): Promise<GrantLook | undefined>;
  /** What an earlier request of this browser and person came to; absent: nothing that is still known. */
  shown(grantId: string, handle: string, visitor: Visitor): Promise<Question | Result | undefined>;
  /**
   * Begins a consent.
   * @param replace a grant that is alive is connected anew as well
   * @returns where to send the browser, and what its cookie has to hold; absent as of `look`
   */
  begin(
    grantId: string,
    replace: boolean,
    visitor: Visitor,
  ): Promise<
    { readonly ok: true; readonly location: string; readonly browser: string } | Failure | undefined
  >;
  /** Takes what the provider sent the browser back with: the query of the redirect address. */
  complete(provider: string, query: string, visitor: Visitor): Promise<Shown>;
  /** Takes the person's answer to the question whether the account is meant. */
  confirm(handle: string, isMeant: boolean, visitor: Visitor): Promise<Shown>;
}

const CONNECTED_MEANWHILE = permanentFailure({
  code: 'connected_meanwhile',
  message: 'The grant was connected meanwhile; nothing was changed by this consent.',
  action: 'Nothing is left to do, unless the other consent was of the wrong account: then begin anew.',
});

const LONGEST_QUERY = 8 * 1024;

const askedOf = ({ grant, profile }: ConfiguredGrant, redirectUri: string): Asked => ({
  provider: grant.provider,
  clientId: grant.clientId,
  authorization: profile.authorization,
  tokenEndpoint: profile.tokenEndpoint,
  redirectUri,
  scopes: grant.scopes ?? [],
});

export const createReconnector = (
  { grants, publicUrl }: ReconnectorSettings,
  ports: ReconnectorPorts,
): Reconnector => {
  const tickets = consentTickets(ports);
  const holding = holdingUntilSent(ports);
  const redirectUriOf = (provider: string): string => `${publicUrl}${reconnectCallbackPath(provider)}`;
  const { configured, connectable, endRefused, connectBy } = consentEnds(grants, ports, tickets);

  /** The grant of a ticket, while the configuration still asks what the person was asked. */
  const stillAsked = ({ grantId, asked }: Pick<ConsentTicket<Begun | Question>, 'grantId' | 'asked'>) => {
    const found = connectable(grantId);
    if (!found.ok) return found;
    return JSON.stringify(asked) === JSON.stringify(askedOf(found, redirectUriOf(found.grant.provider)))
      ? found
      : refuse('request_outdated', 'The configuration of the grant has changed meanwhile.');
  };

  /** What the same request came to that was sent before: a browser shows the last of two, and it may be of one click. */
  const sentBefore = async (handle: string, visitor: Visitor): Promise<Shown | undefined> => {
    const found = await tickets.read(handle, ['question', 'result'], visitor);
    return found.ok ? { grantId: found.ticket.grantId, content: found.ticket, handle } : undefined;
  };

  return {
    async look(grantId) {
      const found = configured(grantId);
      if (found?.grant.mode !== 'refreshed') return undefined;
      return { ...found, may: await mayAsk(ports.refresher, { ...found, replace: true }) };
    },

    async shown(grantId, handle, visitor) {
      if (!isHandle(handle)) return undefined;
      const found = await tickets.read(handle, ['question', 'result'], visitor);
      return found.ok && found.ticket.grantId === grantId ? found.ticket : undefined;
    },

    async begin(grantId, replace, visitor) {
      const found = configured(grantId);
      if (found?.grant.mode !== 'refreshed') return undefined;
      const { grant } = found;
      const may = await mayAsk(ports.refresher, { ...found, replace });
      if (!may.ok) return may;
      const { browser: known } = visitor;
      // Another consent may be under way in another tab.
      const browser = isHandle(known) ? known : newHandle();
      const [verifier, state, redirectUri] = [newHandle(), newHandle(), redirectUriOf(grant.provider)];
      const asked = askedOf(found, redirectUri);
      const ticket = { grantId, by: visitor.by, browser };
      const kept = await tickets.keep({ stage: 'begun', verifier, asked, replace }, ticket, state);
      if (!kept.ok) return kept;
      return {
        ok: true,
        location: consentRequest(may.asked, grant, { verifier, state, redirectUri }),
        browser,
      };
    },

    async complete(provider, query, visitor) {
      const members = new URLSearchParams(query.length > LONGEST_QUERY ? '' : query);
      const [state = '', ...more] = members.getAll('state');
      if (!isHandle(state) || more.length > 0) {
        const { profile } = grants.find(({ grant }) => grant.provider === provider) ?? {};
        return endRefused(undefined, unboundAnswer(members, profile), visitor);
      }
      const ending = { ...visitor, handle: resultHandleOf(state) };
      return holding(async (hold) => {
        const taken = await tickets.take(state, ['begun'], visitor);
        if (!taken.ok)
          return (await sentBefore(ending.handle, visitor)) ?? endRefused(taken.grantId, taken, ending);
        const { grantId, asked, verifier, replace } = taken.ticket;
        const found =
          provider === asked.provider
            ? stillAsked(taken.ticket)
            : refuse('other_provider', 'The answer came to the address of another provider.');
        if (!found.ok) return endRefused(grantId, found, ending);
        const callback = judgeCallback(members, found.profile);
        if (!callback.ok) return endRefused(grantId, callback, ending);
        // Somebody else may have connected it meanwhile.
        const may = await mayAsk(ports.refresher, { ...found, replace });
        if (!may.ok) return endRefused(grantId, may, ending);
        hold(callback.code, 'token');
        hold(verifier, 'secret');
        const wanted = { grant: found.grant, isOtherAccountMeant: false };
        const code = { callback, redirectUri: asked.redirectUri, verifier, hold };
        const consent = consentOf(ports, wanted, found.profile, code);
        return connectBy(found, consent, { asked, fields: callback.fields }, ending);
      });
    },

    async confirm(handle, isMeant, visitor) {
      const ending = { ...visitor, handle: resultHandleOf(handle) };
      return holding(async (hold) => {
        const taken = await tickets.take(handle, ['question'], visitor);
        if (!taken.ok)
          return (await sentBefore(ending.handle, visitor)) ?? endRefused(taken.grantId, taken, ending);
        const { grantId, answer, before, asked, fields } = taken.ticket;
        holdTokens(answer, hold);
        const found = stillAsked(taken.ticket);
        if (!found.ok) return endRefused(grantId, found, ending);
        if (!isMeant)
          return endRefused(grantId, refuse('access_denied', 'The other account was not taken.'), ending);
        const wanted = { grant: found.grant, isOtherAccountMeant: true };
        const consent: Consent = {
          exchange: async () => ({ ok: true, answer }),
          judge: (given, now) =>
            now.account === before.account && now.consentedAtEpochMs === before.consentedAtEpochMs
              ? judgeAnswer(given, now, wanted, found.profile)
              : CONNECTED_MEANWHILE,
        };
        return connectBy(found, consent, { asked, fields }, ending);
      });
    },
  };
};
