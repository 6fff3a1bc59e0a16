import { storeFailure } from '../../src/lib/kernel/storeFailure.ts';
import type { Ticket, TicketStore } from '../../src/lib/stores/ports.ts';

export interface FakeTicketStore extends TicketStore {
  /** What it holds, by id. */
  readonly kept: Map<string, Ticket>;
  /** While true every call fails. */
  isDown: boolean;
}

/** Tickets in memory, one call after the other. */
export const fakeTicketStore = (): FakeTicketStore => {
  const kept = new Map<string, Ticket>();
  let writes = 0;
  const write = (id: string, body: string) => {
    writes += 1;
    kept.set(id, { body, etag: `"${writes}"` });
    return { ok: true as const };
  };
  const conflict = () => storeFailure('tickets', 'conflict', { message: 'another was faster' });
  const up = async <T>(run: () => T) =>
    store.isDown ? storeFailure('tickets', 'unavailable', { message: 'the store is down' }) : run();
  const store: FakeTicketStore = {
    kept,
    isDown: false,
    put: (id, body) => up(() => (kept.has(id) ? conflict() : write(id, body))),
    read: (id) => up(() => ({ ok: true as const, ticket: kept.get(id) })),
    take: (id) =>
      up(() => {
        const body = kept.get(id)?.body;
        kept.delete(id);
        return { ok: true as const, body };
      }),
    replace: (id, body, etag) => up(() => (kept.get(id)?.etag === etag ? write(id, body) : conflict())),
    remove: (id) =>
      up(() => {
        kept.delete(id);
        return { ok: true as const };
      }),
  };
  return store;
};
