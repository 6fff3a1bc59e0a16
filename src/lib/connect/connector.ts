import { type Failure, permanentFailure } from '../kernel/failure.ts';
import { newHandle } from '../kernel/handle.ts';
import { isSameText } from '../kernel/sameText.ts';
import type { HoldSecret } from '../oauth/holdingCredentials.ts';
import type { ConfiguredGrant } from '../oauth/rules/grant.ts';
import type { ConnectOutcome } from '../refresh/refresher.ts';
import {
  type AskingPorts,
  consentOutcomeOf,
  consentRequest,
  holdingUntilSent,
  mayAsk,
  reportConsent,
  takeIn,
} from './asking.ts';
import { CONSENT_MS } from './attempt.ts';
import { consentOf } from './consent.ts';
import type { ConsentBrowser } from './ports.ts';
import type { AskedProvider } from './rules/askedProvider.ts';
import { type CallbackJudgement, judgeCallback } from './rules/callback.ts';

export interface ConnectorPorts extends AskingPorts {
  readonly browser: ConsentBrowser;
}

export interface ConnectRequest extends ConfiguredGrant {
  /** Of this machine, for the redirect address; 0 takes any free one. */
  readonly port: number;
  /** A grant that is alive is connected anew as well. */
  readonly replace: boolean;
  /** It may become another account's. */
  readonly isOtherAccountMeant: boolean;
  /** Shows a person what to open, and which redirect address has to be registered. */
  readonly show: (link: string, redirectUri: string) => void;
  /** Aborted: nobody waits for the browser any more. */
  readonly stop: AbortSignal;
}

export interface Connection {
  readonly outcome: ConnectOutcome;
  /** Members of the callback that consumers need, as the profile says. */
  readonly fields: Readonly<Record<string, string>>;
}

const notConnected = (failure: Failure): Connection => ({
  outcome: { kind: 'not_connected', failure },
  fields: {},
});

const unanswered = (code: 'stopped' | 'nobody_consented', message: string): Failure =>
  permanentFailure({
    ...{ code, message },
    action: 'Run the command again; if the page named the redirect address as wrong, register the one above.',
  });

/**
 * Asks a person for a consent and takes in what comes of it: the authorization code flow with PKCE. Nothing of
 * the grant changes before its new refresh token is there, and a code is sent once.
 * @see RFC 6749 §4.1, RFC 7636, RFC 8252, RFC 9207, RFC 9700
 */
export const connectWithBrowser = async (
  ports: ConnectorPorts,
  request: ConnectRequest,
): Promise<Connection> => {
  const may = await mayAsk(ports.refresher, request);
  if (!may.ok) return notConnected(may);
  return holdingUntilSent(ports)((hold) => connectAsked(ports, request, may.asked, hold));
};

const connectAsked = async (
  ports: ConnectorPorts,
  request: ConnectRequest,
  profile: AskedProvider,
  hold: HoldSecret,
): Promise<Connection> => {
  const { grant } = request;
  const [verifier, state] = [newHandle(), newHandle()];
  hold(verifier, 'secret');
  hold(state, 'secret');
  const answered = Promise.withResolvers<CallbackJudgement>();
  let isSpent = false;
  const opened = await ports.browser.open({
    port: request.port,
    callbackPath: `/callback/${grant.provider}`,
    startPath: `/connect/${newHandle()}`,
    requestFor: (redirectUri) => consentRequest(profile, grant, { verifier, state, redirectUri }),
    onCallback(query) {
      const [given = '', ...more] = query.getAll('state');
      if (isSpent || more.length > 0 || !isSameText(given, state)) return false;
      isSpent = true;
      const judged = judgeCallback(query, profile);
      if (judged.ok) hold(judged.code, 'token');
      answered.resolve(judged);
      return true;
    },
    onEnd: () => answered.resolve(unanswered('nobody_consented', 'The input ended before an answer came.')),
  });
  if (!opened.ok) return notConnected(opened);
  request.show(opened.link, opened.redirectUri);
  const callback = await within(answered.promise, request.stop);
  // The code waits for nobody, and the browser for nothing that comes of it.
  const closed = opened.close();
  try {
    const outcome: ConnectOutcome = callback.ok
      ? await takeIn(
          ports,
          request,
          consentOf(ports, request, profile, { ...opened, callback, verifier, hold }),
        )
      : { kind: 'not_connected', failure: callback };
    if (isSpent) reportConsent(ports, grant, { ...consentOutcomeOf(outcome), by: undefined });
    return { outcome, fields: callback.ok ? callback.fields : {} };
  } finally {
    await closed;
  }
};

const within = async (
  answered: Promise<CallbackJudgement>,
  stop: AbortSignal,
): Promise<CallbackJudgement> => {
  const given = AbortSignal.any([stop, AbortSignal.timeout(CONSENT_MS)]);
  const ended = new Promise<CallbackJudgement>((resolve) => {
    const give = (): void =>
      resolve(
        stop.aborted
          ? unanswered('stopped', 'Stopped; nothing was changed.')
          : unanswered('nobody_consented', 'No answer came within ten minutes.'),
      );
    if (given.aborted) give();
    else given.addEventListener('abort', give, { once: true });
  });
  return Promise.race([answered, ended]);
};
