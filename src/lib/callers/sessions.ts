import type { Clock } from '../kernel/clock.ts';
import { newHandle } from '../kernel/handle.ts';
import type { StoreAnswer } from '../kernel/storeFailure.ts';
import type { TicketStore } from '../stores/ports.ts';
import { ticketIdOf } from '../stores/ticketId.ts';
import type { Sessions, SignedIn } from './ports.ts';
import { isEnded, NOTE_USE_AFTER_MS, readSessionTicket, type SessionTicket } from './rules/signInTickets.ts';

/** Holds the handle of a session: 256 bits of chance, of which the store has the hash alone. */
export const SESSION_COOKIE = '__Host-keywatch-session';

const NOBODY = { ok: true, caller: undefined } as const;

/** Sessions, and what begins and ends them. */
export interface SessionKeeper extends Sessions {
  begin(who: SignedIn): Promise<StoreAnswer<{ readonly handle: string }>>;
  /** Whoever still has the handle has nothing; that it was nobody's is no failure. */
  end(handle: string): Promise<StoreAnswer>;
}

export interface SessionPorts {
  readonly tickets: TicketStore;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

export const createSessions = ({ tickets, clock }: SessionPorts): SessionKeeper => ({
  async begin({ tenantId, objectId, roles }) {
    const handle = newHandle();
    const nowEpochMs = clock.nowEpochMs();
    const ticket: SessionTicket = {
      kind: 'session',
      ...{ tenantId, objectId, roles: [...roles], createdEpochMs: nowEpochMs, usedEpochMs: nowEpochMs },
    };
    const kept = await tickets.put(ticketIdOf(handle), JSON.stringify(ticket));
    return kept.ok ? { ok: true, handle } : kept;
  },

  async read(handle) {
    const id = ticketIdOf(handle);
    const answer = await tickets.read(id);
    if (!answer.ok) return answer;
    const ticket = answer.ticket && readSessionTicket(answer.ticket.body);
    if (answer.ticket === undefined || ticket === undefined) return NOBODY;
    const nowEpochMs = clock.nowEpochMs();
    if (isEnded(ticket, nowEpochMs)) {
      await tickets.remove(id);
      return NOBODY;
    }
    // Where that fails the session ends sooner; one that was ended meanwhile stays so.
    if (nowEpochMs - ticket.usedEpochMs >= NOTE_USE_AFTER_MS)
      await tickets.replace(id, JSON.stringify({ ...ticket, usedEpochMs: nowEpochMs }), answer.ticket.etag);
    const { tenantId, objectId, roles } = ticket;
    const of = { tenantId, objectId, clientId: undefined, roles } as const;
    return { ok: true, caller: { kind: 'user', ...of, via: 'session' } };
  },

  end: (handle) => tickets.remove(ticketIdOf(handle)),
});
