import type { ConsentOutcome } from '../credentials/consentOutcomes.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Failure, permanentFailure } from '../kernel/failure.ts';
import { newHandle } from '../kernel/handle.ts';
import { jsonOf } from '../kernel/json.ts';
import { isSameText } from '../kernel/sameText.ts';
import type { StoreAnswer } from '../kernel/storeFailure.ts';
import type { Tokens } from '../oauth/ports.ts';
import type { AuthorizationFacts } from '../oauth/rules/authorizationFacts.ts';
import type { KnownConsent } from '../refresh/refresher.ts';
import type { TicketStore, TokenSeal } from '../stores/ports.ts';
import { ticketIdOf } from '../stores/ticketId.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Person } from './asking.ts';
import { CONSENT_MS, digest } from './attempt.ts';

/** What a person was asked, and where: nothing that comes of it counts once the configuration asks anything else. */
export interface Asked {
  readonly provider: string;
  readonly authorization: AuthorizationFacts | undefined;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** A person was sent to the provider. The handle is `state`. */
export interface Begun {
  readonly stage: 'begun';
  readonly verifier: string;
  readonly asked: Asked;
  /** The person meant a grant that is alive. */
  readonly replace: boolean;
}

/** The tokens are there, and whose they are has to be said by the person. */
export interface Question {
  readonly stage: 'question';
  readonly answer: Tokens;
  readonly asked: Asked;
  readonly before: KnownConsent;
  readonly fields: Readonly<Record<string, string>>;
}

/** What came of it, for the page that says so. */
export interface Result {
  readonly stage: 'result';
  /** The word of telemetry. */
  readonly outcome: ConsentOutcome;
  readonly message: string;
  readonly action: string | undefined;
  /** Id of the account; absent: not known. */
  readonly account: string | undefined;
  /** Members of the callback that consumers need. */
  readonly fields: Readonly<Record<string, string>>;
}

type Content = Begun | Question | Result;
type Stage = Content['stage'];

/** A person with the browser that came, both of which have to be those that began. */
export interface Visitor {
  readonly by: Person;
  /** What its cookie holds; absent: it has none. */
  readonly browser: string | undefined;
}

export type ConsentTicket<C extends Content = Content> = C & {
  /** A ticket of another version of this program is nobody's. */
  readonly schema: 1;
  readonly grantId: string;
  readonly browserHash: string;
  readonly by: Person;
  readonly notAfterEpochMs: number;
};

/** Of whom a ticket is known to be although it does not count, for the audit. */
export type TicketReading<C extends Content> =
  | { readonly ok: true; readonly ticket: ConsentTicket<C> }
  | (Failure & { readonly grantId?: string });

export interface ConsentTicketPorts {
  readonly tickets: TicketStore;
  readonly seal: Pick<TokenSeal, 'prepare' | 'unseal'>;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Pick<Telemetry, 'failure'>;
}

/** No grant is called so, and no other ticket: an envelope that is moved to another handle does not open. */
const subjectOf = (id: string): string => `consent~${id}`;

/** Of an attempt that does not count: whatever is wrong with it, a person begins anew. */
export const refuse = (code: string, message: string): Failure =>
  permanentFailure({ code, message, action: 'Nothing was changed; start again.' });

const UNKNOWN = {
  ...refuse('unknown_attempt', 'This belongs to no consent that was begun here, or it was used already.'),
  // It may be the second of two, whose first is under way.
  action:
    'If you answered a moment ago, load this page again: it shows what came of it. Otherwise start again.',
};

/**
 * What is kept between two requests of a browser, for ten minutes: sealed, as it holds a verifier or tokens, under
 * the hash of a handle, and bound to the browser and the person. Ended at any moment it costs a click.
 */
export const consentTickets = ({ tickets, seal, clock, telemetry }: ConsentTicketPorts) => {
  /** The person is told and may not be who can mend it. */
  const reported = async <A extends { readonly ok: true } | Failure>(asked: Promise<A>): Promise<A> => {
    const answer = await asked;
    if (!answer.ok) telemetry.failure(answer);
    return answer;
  };

  const judge = <S extends Stage>(
    ticket: ConsentTicket,
    stages: readonly S[],
    { by, browser = '' }: Visitor,
  ): TicketReading<Extract<Content, { stage: S }>> => {
    if (ticket.schema !== 1 || !stages.some((stage) => stage === ticket.stage)) return UNKNOWN;
    const { grantId } = ticket;
    const wrong = (code: string, message: string) => ({ ...refuse(code, message), grantId });
    if (!isSameText(digest(browser), ticket.browserHash))
      return wrong('other_browser', 'The consent was begun in another browser.');
    if (by.tenantId !== ticket.by.tenantId || by.objectId !== ticket.by.objectId)
      return wrong('other_person', 'The consent was begun by somebody else than who is signed in now.');
    if (clock.nowEpochMs() > ticket.notAfterEpochMs)
      return wrong('attempt_ended', 'The consent was begun more than ten minutes ago.');
    return { ok: true, ticket: ticket as ConsentTicket<Extract<Content, { stage: S }>> };
  };

  const open = async <S extends Stage>(
    id: string,
    body: string | undefined,
    stages: readonly S[],
    visitor: Visitor,
  ): Promise<TicketReading<Extract<Content, { stage: S }>>> => {
    if (body === undefined) return UNKNOWN;
    const opened = await reported(seal.unseal(body, subjectOf(id)));
    if (!opened.ok) return opened;
    const ticket = jsonOf(opened.plaintext) as ConsentTicket | undefined;
    return ticket === undefined ? UNKNOWN : judge(ticket, stages, visitor);
  };

  return {
    /** @returns the handle: it finds the ticket, and is in no store */
    async keep(
      content: Content,
      { grantId, by, browser }: Visitor & { readonly grantId: string; readonly browser: string },
      handle = newHandle(),
    ): Promise<StoreAnswer<{ readonly handle: string }>> {
      const sealing = await reported(seal.prepare());
      if (!sealing.ok) return sealing;
      const id = ticketIdOf(handle);
      const ticket: ConsentTicket = {
        ...content,
        schema: 1,
        ...{ grantId, by },
        browserHash: digest(browser),
        notAfterEpochMs: clock.nowEpochMs() + CONSENT_MS,
      };
      const sealed = sealing.seal(JSON.stringify(ticket), { subject: subjectOf(id), seq: 0 });
      const kept = await reported(tickets.put(id, sealed));
      return kept.ok ? { ok: true, handle } : kept;
    },

    /** Gives a ticket to exactly one of those who ask; from then on it is used, whatever is wrong with who asked. */
    async take<S extends Stage>(
      handle: string,
      stages: readonly S[],
      visitor: Visitor,
    ): Promise<TicketReading<Extract<Content, { stage: S }>>> {
      const id = ticketIdOf(handle);
      const taken = await reported(tickets.take(id));
      return taken.ok ? open(id, taken.body, stages, visitor) : taken;
    },

    /** Looks at a ticket and leaves it. */
    async read<S extends Stage>(handle: string, stages: readonly S[], visitor: Visitor) {
      const id = ticketIdOf(handle);
      const found = await reported(tickets.read(id));
      return found.ok ? open(id, found.ticket?.body, stages, visitor) : found;
    },
  };
};
