import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Failure, permanentFailure } from '../kernel/failure.ts';
import type { HoldSecret } from '../oauth/holdingCredentials.ts';
import type { CodeExchange } from '../oauth/ports.ts';
import type { Grant } from '../oauth/rules/grant.ts';
import type { ProviderProfile } from '../oauth/rules/providerProfile.ts';
import type { ConnectOutcome, Refresher } from '../refresh/refresher.ts';
import { forgettingWhenSent } from '../telemetry/forgetWhenSent.ts';
import type { SecretRegister } from '../telemetry/secretRegister.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { consentOf, type TakenCode } from './consent.ts';
import type { ConsentBrowser } from './ports.ts';
import { type AskedProvider, askedProvider } from './rules/askedProvider.ts';
import { authorizationRequest } from './rules/authorizationRequest.ts';
import { type CallbackJudgement, judgeCallback } from './rules/callback.ts';

export interface ConnectorPorts {
  readonly telemetry: Telemetry;
  readonly secrets: SecretRegister;
  readonly browser: ConsentBrowser;
  readonly server: CodeExchange;
  readonly refresher: Pick<Refresher, 'mayConnect' | 'connect'>;
}

export interface ConnectRequest {
  readonly grant: Grant;
  readonly profile: ProviderProfile;
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

/** How long a person may take; servers end their own page sooner. */
const CONSENT_MS = 10 * 60_000;

const notConnected = (failure: Failure): Connection => ({
  outcome: { kind: 'not_connected', failure },
  fields: {},
});

const unanswered = (code: 'stopped' | 'nobody_consented', message: string): Failure =>
  permanentFailure({
    ...{ code, message },
    action: 'Run the command again; if the page named the redirect address as wrong, register the one above.',
  });

const random = (): string => randomBytes(32).toString('base64url');
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Asks a person for a consent and takes in what comes of it: the authorization code flow with PKCE. Nothing of
 * the grant changes before its new refresh token is there, and a code is sent once.
 * @see RFC 6749 §4.1, RFC 7636, RFC 8252, RFC 9207, RFC 9700
 */
export const connectWithBrowser = async (
  ports: ConnectorPorts,
  request: ConnectRequest,
): Promise<Connection> => {
  const { grant } = request;
  const may = await ports.refresher.mayConnect(grant.id);
  if (may === undefined)
    return notConnected(
      permanentFailure({
        code: 'grant_not_refreshed',
        message: `Grant ${grant.id} is not refreshed by Keywatch here.`,
        action: 'It needs the mode "refreshed", and the settings of storage and sealing key (npm run check).',
      }),
    );
  if (!may.ok) return notConnected(may);
  const provider = askedProvider(request, may.state);
  if (!provider.ok) return notConnected(provider);

  const held: (() => void)[] = [];
  const hold: HoldSecret = (value, origin) => held.push(ports.secrets.registerSecret(value, origin));
  const forgetWhenSent = forgettingWhenSent(ports.telemetry);
  try {
    return await connectAsked(ports, request, provider.asked, hold);
  } finally {
    await forgetWhenSent(() => held.forEach((release) => void release()));
  }
};

const connectAsked = async (
  ports: ConnectorPorts,
  request: ConnectRequest,
  profile: AskedProvider,
  hold: HoldSecret,
): Promise<Connection> => {
  const { grant } = request;
  const verifier = random();
  const state = random();
  hold(verifier, 'secret');
  hold(state, 'secret');
  const answered = Promise.withResolvers<CallbackJudgement>();
  let isSpent = false;
  const opened = await ports.browser.open({
    port: request.port,
    callbackPath: `/callback/${grant.provider}`,
    startPath: `/connect/${random()}`,
    requestFor: (redirectUri) =>
      authorizationRequest(profile.authorization, {
        clientId: grant.clientId,
        scopes: grant.scopes ?? [],
        redirectUri,
        state,
        codeChallenge: digest(verifier).toString('base64url'),
      }),
    onCallback(query) {
      const [given = '', ...more] = query.getAll('state');
      // Digests have one length, and tell nothing by the time that comparing them takes.
      if (isSpent || more.length > 0 || !timingSafeEqual(digest(given), digest(state))) return false;
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
  const codeVerifier = profile.authorization.pkce === 'none' ? undefined : verifier;
  try {
    return callback.ok
      ? await takeIn(ports, request, profile, { ...opened, callback, codeVerifier, hold })
      : notConnected(callback);
  } finally {
    await closed;
  }
};

const takeIn = async (
  ports: ConnectorPorts,
  request: ConnectRequest,
  profile: AskedProvider,
  code: TakenCode,
): Promise<Connection> => {
  const { id } = request.grant;
  const outcome = await ports.refresher.connect(id, consentOf(ports, request, profile, code));
  if (outcome === undefined) throw new Error(`grant ${id} is no longer configured`);
  return { outcome, fields: code.callback.fields };
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
