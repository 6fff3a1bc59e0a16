import type { Failure } from '../kernel/failure.ts';
import type { Tokens } from '../oauth/ports.ts';
import type { ConfiguredGrant } from '../oauth/rules/grant.ts';
import type { ConnectOutcome, Consent, KnownConsent } from '../refresh/refresher.ts';
import { type AskingPorts, consentOutcomeOf, reportConsent, takeIn } from './asking.ts';
import {
  type ConsentTicketPorts,
  type consentTickets,
  type Question,
  type Result,
  refuse,
  type Visitor,
} from './consentTickets.ts';
import type { AskedProvider } from './rules/askedProvider.ts';
import { ACCOUNT_QUESTIONS } from './rules/judgeTokens.ts';

export type ReconnectorPorts = AskingPorts & ConsentTicketPorts;

/** What came of a request, or what is asked. */
export interface Shown {
  /** Absent: nobody knows which grant it was about. */
  readonly grantId: string | undefined;
  readonly content: Question | Result;
  /** Finds the content for ten minutes; absent: it could not be kept, and is to be shown at once. */
  readonly handle: string | undefined;
}

/** A request, which ends with something to show. */
export interface Ending extends Visitor {
  /** Under which that is kept; absent: under a new one. */
  readonly handle?: string;
}

/** A grant whose provider a person was, or can be, sent to. */
interface ConnectableGrant extends ConfiguredGrant {
  readonly ok: true;
  readonly profile: AskedProvider;
}

/** What came of a consent, for the page that says so. */
const resultOf = (grantId: string | undefined, outcome: ConnectOutcome): Result => {
  const result = {
    stage: 'result',
    outcome: consentOutcomeOf(outcome).outcome,
    account: undefined,
    fields: {},
  } as const;
  if (outcome.kind === 'not_connected')
    return { ...result, message: outcome.failure.message, action: outcome.failure.action };
  if ('message' in outcome) return { ...result, message: outcome.message, action: outcome.action };
  return {
    ...result,
    message: `Grant ${grantId} is connected: its new refresh token is in the vault.`,
    action: undefined,
  };
};

const refused = (failure: Failure) => ({ kind: 'not_connected', failure }) as const;

/** How an attempt ends, whichever request ends it. */
export const consentEnds = (
  grants: readonly ConfiguredGrant[],
  ports: ReconnectorPorts,
  tickets: ReturnType<typeof consentTickets>,
) => {
  const configured = (grantId: string | undefined): ConfiguredGrant | undefined =>
    grants.find(({ grant }) => grant.id === grantId);

  /** The grant of a ticket as the configuration has it now. */
  const connectable = (grantId: string): ConnectableGrant | Failure => {
    const { grant, profile } = configured(grantId) ?? {};
    const authorization = profile?.authorization;
    return grant?.mode !== 'refreshed' || profile === undefined || authorization === undefined
      ? refuse('grant_not_refreshed', `Grant ${grantId} can no longer be connected here.`)
      : { ok: true, grant, profile: { ...profile, authorization } };
  };

  /** Reports what came of it and keeps it for the page that the browser is led to. */
  const end = async (
    grantId: string | undefined,
    content: Question | Result,
    ending: Ending,
    reason: string | undefined,
  ): Promise<Shown> => {
    const { grant } = configured(grantId) ?? {};
    if (grant === undefined) return { grantId: undefined, content, handle: undefined };
    const { browser = '', by, handle } = ending;
    const kept = await tickets.keep(content, { by, browser, grantId: grant.id }, handle);
    if (!kept.ok && content.stage === 'question')
      return end(grantId, resultOf(grant.id, refused(kept)), ending, kept.code);
    const outcome = content.stage === 'question' ? 'asked' : content.outcome;
    reportConsent(ports, grant, { outcome, reason, by });
    return { grantId: grant.id, content, handle: kept.ok ? kept.handle : undefined };
  };

  const endRefused = (grantId: string | undefined, failure: Failure, ending: Ending): Promise<Shown> =>
    end(grantId, resultOf(grantId, refused(failure)), ending, failure.code);

  const connectBy = async (
    { grant }: ConnectableGrant,
    consent: Consent,
    kept: Pick<Question, 'asked' | 'fields'>,
    ending: Ending,
  ): Promise<Shown> => {
    let judged: { readonly answer: Tokens; readonly before: KnownConsent } | undefined;
    const outcome = await takeIn(
      ports,
      { grant },
      {
        ...consent,
        judge(answer, before) {
          judged = { answer, before };
          return consent.judge(answer, before);
        },
      },
    );
    const { reason } = consentOutcomeOf(outcome);
    if (judged === undefined || !ACCOUNT_QUESTIONS.has(reason ?? ''))
      return end(
        grant.id,
        { ...resultOf(grant.id, outcome), account: judged?.answer.account, fields: kept.fields },
        ending,
        reason,
      );
    // Its lifetimes count from now, whenever the person answers.
    const serverDateEpochMs = judged.answer.serverDateEpochMs ?? ports.clock.nowEpochMs();
    const question = { ...judged, ...kept, answer: { ...judged.answer, serverDateEpochMs } };
    return end(grant.id, { stage: 'question', ...question }, ending, reason);
  };

  return { configured, connectable, endRefused, connectBy };
};
