import type { ConsentOutcome } from '../credentials/consentOutcomes.ts';
import { grantCredentialId } from '../credentials/credentialIds.ts';
import { type Failure, permanentFailure } from '../kernel/failure.ts';
import type { HoldSecret } from '../oauth/holdingCredentials.ts';
import type { CodeExchange } from '../oauth/ports.ts';
import type { ConfiguredGrant, Grant } from '../oauth/rules/grant.ts';
import type { Connectable, ConnectOutcome, Consent, Refresher } from '../refresh/refresher.ts';
import { forgettingWhenSent } from '../telemetry/forgetWhenSent.ts';
import type { SecretRegister } from '../telemetry/secretRegister.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { digest, nonceOf } from './attempt.ts';
import { type AskedProvider, askedProvider } from './rules/askedProvider.ts';
import { authorizationRequest } from './rules/authorizationRequest.ts';

/** What asking takes, whichever way the person comes. */
export interface AskingPorts {
  readonly telemetry: Telemetry;
  readonly secrets: SecretRegister;
  readonly server: CodeExchange;
  readonly refresher: Pick<Refresher, 'mayConnect' | 'connect'>;
}

/** Of the directory; the name of a person is not needed to know who it was. */
export interface Person {
  readonly tenantId: string;
  readonly objectId: string;
}

/** Whether a person may be asked for a consent now: it could be kept, and the grant needs one or is to have one. */
export const mayAsk = async (
  refresher: AskingPorts['refresher'],
  request: ConfiguredGrant & { readonly replace: boolean },
): Promise<(Extract<Connectable, { ok: true }> & { readonly asked: AskedProvider }) | Failure> => {
  const may = await refresher.mayConnect(request.grant.id);
  if (may === undefined)
    return permanentFailure({
      code: 'grant_not_refreshed',
      message: `Grant ${request.grant.id} is not refreshed by Keywatch here.`,
      action: 'It needs the mode "refreshed", and the settings of storage and sealing key (npm run check).',
    });
  if (!may.ok) return may;
  const provider = askedProvider(request, may.state);
  return provider.ok ? { ...may, asked: provider.asked } : provider;
};

/** Where the person is sent. Nothing in it comes from whoever asked. */
export const consentRequest = (
  { authorization }: AskedProvider,
  { clientId, scopes = [] }: Grant,
  { verifier, ...bound }: { readonly verifier: string; readonly state: string; readonly redirectUri: string },
): string =>
  authorizationRequest(authorization, {
    ...{ clientId, scopes, ...bound },
    codeChallenge: digest(verifier),
    nonce: nonceOf(verifier),
  });

/** Names values as secrets while something runs, and until all that was reported of it has left. */
export const holdingUntilSent = ({ telemetry, secrets }: Pick<AskingPorts, 'telemetry' | 'secrets'>) => {
  const forgetWhenSent = forgettingWhenSent(telemetry);
  return async <T>(work: (hold: HoldSecret) => Promise<T>): Promise<T> => {
    const held: (() => void)[] = [];
    try {
      return await work((value, origin) => held.push(secrets.registerSecret(value, origin)));
    } finally {
      await forgetWhenSent(() => held.forEach((release) => void release()));
    }
  };
};

/** Hands a consent to the refresh, which alone writes tokens. */
export const takeIn = async (
  { refresher }: Pick<AskingPorts, 'refresher'>,
  { grant: { id } }: Pick<ConfiguredGrant, 'grant'>,
  consent: Consent,
): Promise<ConnectOutcome> => {
  const outcome = await refresher.connect(id, consent);
  if (outcome === undefined) throw new Error(`grant ${id} is no longer configured`);
  return outcome;
};

/** What a refusal by one of these is called; by any other it is a refusal. */
const OUTCOMES: ReadonlyMap<string, ConsentOutcome> = new Map([
  ['access_denied', 'declined'],
  ['grant_alive', 'unneeded'],
  ['connected_meanwhile', 'unneeded'],
]);

/** What came of it in one word, and why. */
export const consentOutcomeOf = (
  outcome: ConnectOutcome,
): { readonly outcome: ConsentOutcome; readonly reason: string | undefined } => {
  if (outcome.kind === 'refreshed' || outcome.kind === 'recovered')
    return { outcome: 'connected', reason: undefined };
  if (outcome.kind !== 'not_connected')
    return { outcome: 'not_stored', reason: 'code' in outcome ? outcome.code : outcome.kind };
  const { code: reason } = outcome.failure;
  return { outcome: OUTCOMES.get(reason) ?? 'refused', reason };
};

/** Says who asked for the consent to which grant, and what came of it. */
export const reportConsent = (
  { telemetry }: Pick<AskingPorts, 'telemetry'>,
  { id, provider, owner, runbook }: Grant,
  {
    outcome,
    reason,
    by,
  }: {
    readonly outcome: ConsentOutcome;
    readonly reason: string | undefined;
    readonly by: Person | undefined;
  },
): void =>
  telemetry.event('keywatch.grant.connected', {
    credentialId: grantCredentialId(id),
    ...{ provider, outcome, reason, owner, runbook },
    tenantId: by?.tenantId,
    objectId: by?.objectId,
  });
