import type { BlobDeleteOptions } from '@azure/storage-blob';
import {
  type BlobStoreOptions,
  blobCall,
  errorCodeOf,
  inContainer,
  readText,
} from '../../azure/blobCalls.ts';
import { storageActions } from '../../azure/storeActions.ts';
import type { StoreName } from '../../kernel/storeFailure.ts';
import type { TicketStore } from '../ports.ts';

export interface BlobTicketStoreOptions extends BlobStoreOptions {
  /** What it holds and where that is set, for words; absent: tickets of browsers. */
  readonly holds?: HeldTickets | undefined;
}

export interface HeldTickets {
  readonly store: StoreName;
  /** As in `a ticket`. */
  readonly one: string;
  readonly setting: string;
}

const OF_BROWSERS: HeldTickets = { store: 'tickets', one: 'a ticket', setting: 'KEYWATCH_BLOB_SERVICE_URL' };

/** Of a delete: another was faster, or there was nothing. */
const TAKEN = new Set(['BlobNotFound', 'ContainerNotFound', 'ConditionNotMet']);
const HEADERS = { blobHTTPHeaders: { blobContentType: 'application/json' } };

/** Tickets as one blob each. Who deletes one by the ETag that was read has it, and nobody else. */
export const blobTicketStore = ({
  container,
  clock,
  holds: { store, one, setting } = OF_BROWSERS,
}: BlobTicketStoreOptions): TicketStore => {
  const actions = storageActions({
    what: `the container ${container.containerName}`,
    setting,
    role: 'Storage Blob Data Contributor',
  });
  const blobOf = (id: string) => container.getBlockBlobClient(id);
  // Failures do not name the id: it is the same for as long as a session is.
  const call = <T>(verb: string, writes: boolean, run: (signal: AbortSignal) => Promise<T>) =>
    blobCall(clock, { store, what: `${verb} ${one} of ${container.containerName}`, writes, actions }, run);
  const read = async (id: string, abortSignal: AbortSignal) => {
    const found = await readText(container, id, abortSignal);
    return found && { body: found.text, etag: found.etag ?? '' };
  };

  const isDeleted = async (id: string, options: BlobDeleteOptions): Promise<boolean> => {
    try {
      await blobOf(id).delete(options);
      return true;
    } catch (error) {
      if (TAKEN.has(errorCodeOf(error) ?? '')) return false;
      throw error;
    }
  };

  return {
    put: (id, body) =>
      call('keep', true, async (abortSignal) => {
        const options = { abortSignal, conditions: { ifNoneMatch: '*' }, ...HEADERS };
        const size = Buffer.byteLength(body);
        await inContainer(container, abortSignal, () => blobOf(id).upload(body, size, options));
        return { ok: true as const };
      }),
    read: (id) =>
      call('read', false, async (abortSignal) => ({
        ok: true as const,
        ticket: await read(id, abortSignal),
      })),
    take: (id) =>
      call('take', true, async (abortSignal) => {
        const found = await read(id, abortSignal);
        if (found === undefined) return { ok: true as const, body: undefined };
        const isOurs = await isDeleted(id, { abortSignal, conditions: { ifMatch: found.etag } });
        return { ok: true as const, body: isOurs ? found.body : undefined };
      }),
    replace: (id, body, etag) =>
      call('replace', true, async (abortSignal) => {
        const options = { abortSignal, conditions: { ifMatch: etag }, ...HEADERS };
        await blobOf(id).upload(body, Buffer.byteLength(body), options);
        return { ok: true as const };
      }),
    remove: (id) =>
      call('remove', true, async (abortSignal) => {
        await isDeleted(id, { abortSignal });
        return { ok: true as const };
      }),
  };
};
