import { randomUUID } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import { blobCall, errorCodeOf, inContainer, readText } from '../../azure/blobCalls.ts';
import { storageActions } from '../../azure/storeActions.ts';
import { storeFailure } from '../../azure/storeFailures.ts';
import type { Clock } from '../../kernel/clock.ts';
import { epochMsOf } from '../../kernel/epochMsOf.ts';
import type { ControlStore } from '../ports.ts';

export interface BlobControlStoreOptions {
  /** Made with `SINGLE_TRY`. Created when there is none. */
  readonly container: ContainerClient;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  /** Added to the store's clock: local mode moves time, and its stand-in cannot be moved. Absent: nothing. */
  readonly aheadMs?: (() => number) | undefined;
}

const actions = storageActions({
  what: 'the container keywatch-control',
  setting: 'KEYWATCH_BLOB_SERVICE_URL',
  role: 'Storage Blob Data Contributor',
});

const JSON_HEADERS = { blobHTTPHeaders: { blobContentType: 'application/json' } };
/** Of a lease on a blob that is gone: it cannot be had back. */
const GONE = new Set(['BlobNotFound', 'ContainerNotFound']);

/** Control records as one blob each, with its lease and ETag. Time is the store's `date` header. */
export const blobControlStore = ({
  container,
  clock,
  aheadMs = () => 0,
}: BlobControlStoreOptions): ControlStore => {
  const nameOf = (grantId: string) => `grants/${grantId}.json`;
  const blobOf = (grantId: string) => container.getBlockBlobClient(nameOf(grantId));
  const call = <T>(
    verb: string,
    grantId: string,
    writes: boolean,
    run: (signal: AbortSignal) => Promise<T>,
  ) => blobCall(clock, { store: 'control', what: `${verb} grant ${grantId}`, writes, actions }, run);
  const storeNow = (date: Date | undefined): number => {
    const epochMs = epochMsOf(date);
    return epochMs === undefined ? clock.nowEpochMs() : epochMs + aheadMs();
  };

  const createEmpty = async (grantId: string, abortSignal: AbortSignal): Promise<void> => {
    const conditions = { ifNoneMatch: '*' };
    try {
      await inContainer(container, abortSignal, () =>
        blobOf(grantId).upload('', 0, { abortSignal, conditions, ...JSON_HEADERS }),
      );
    } catch (error) {
      // Another worker made it, and may hold its lease by now: the acquire that follows tells.
      if (!['BlobAlreadyExists', 'LeaseIdMissing'].includes(errorCodeOf(error) ?? '')) throw error;
    }
  };

  return {
    acquire: (grantId, leaseSeconds) =>
      call('take the lease of', grantId, true, async (abortSignal) => {
        const leaseId = randomUUID();
        const client = blobOf(grantId).getBlobLeaseClient(leaseId);
        const acquire = () => client.acquireLease(leaseSeconds, { abortSignal });
        const answer = await acquire().catch(async (error: unknown) => {
          if (!GONE.has(errorCodeOf(error) ?? '')) throw error;
          await createEmpty(grantId, abortSignal);
          return acquire();
        });
        return { ok: true as const, lease: { grantId, leaseId }, storeNowEpochMs: storeNow(answer.date) };
      }),
    renew: ({ grantId, leaseId }) =>
      call('renew the lease of', grantId, true, async (abortSignal) => {
        try {
          const { date } = await blobOf(grantId).getBlobLeaseClient(leaseId).renewLease({ abortSignal });
          return { ok: true as const, storeNowEpochMs: storeNow(date) };
        } catch (error) {
          if (GONE.has(errorCodeOf(error) ?? ''))
            return storeFailure(
              { store: 'control', what: `renew the lease of grant ${grantId}` },
              'lost',
              'its blob is gone',
            );
          throw error;
        }
      }),
    release: ({ grantId, leaseId }) =>
      call('release the lease of', grantId, true, async (abortSignal) => {
        await blobOf(grantId).getBlobLeaseClient(leaseId).releaseLease({ abortSignal });
        return { ok: true as const };
      }),
    read: (grantId) =>
      call('read the control record of', grantId, false, async (abortSignal) => {
        const found = await readText(container, nameOf(grantId), abortSignal);
        const snapshot = {
          body: found?.text || undefined,
          etag: found?.etag,
          storeNowEpochMs: storeNow(found?.date),
        };
        return { ok: true as const, snapshot };
      }),
    write: ({ grantId, leaseId }, body, etag) =>
      call('write the control record of', grantId, true, async (abortSignal) => {
        const conditions = { leaseId, ...(etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag }) };
        const size = Buffer.byteLength(body);
        const answer = await blobOf(grantId).upload(body, size, { abortSignal, conditions, ...JSON_HEADERS });
        return { ok: true as const, etag: answer.etag ?? '', storeNowEpochMs: storeNow(answer.date) };
      }),
    archiveUnreadable: ({ grantId }, body) =>
      call('keep the unreadable control record of', grantId, true, async (abortSignal) => {
        const name = `aside/${grantId}/${randomUUID()}.txt`;
        const conditions = { ifNoneMatch: '*' };
        const blob = container.getBlockBlobClient(name);
        await blob.upload(body, Buffer.byteLength(body), { abortSignal, conditions });
        return { ok: true as const, name };
      }),
  };
};
