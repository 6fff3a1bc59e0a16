import { randomUUID } from 'node:crypto';
import {
  type BlobStoreOptions,
  blobCall,
  errorCodeOf,
  inContainer,
  readText,
} from '../../azure/blobCalls.ts';
import { storageActions } from '../../azure/storeActions.ts';
import { storeFailure } from '../../azure/storeFailures.ts';
import { epochMsOf } from '../../kernel/epochMsOf.ts';
import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { ControlStore } from '../ports.ts';

export interface BlobControlStoreOptions extends BlobStoreOptions {
  /** Whose records these are: names them in failures, and their folder. */
  readonly of: 'grant' | 'rotation';
  /** Added to the store's clock: local mode moves time, and its stand-in cannot be moved. Absent: nothing. */
  readonly aheadMs?: (() => number) | undefined;
}

const JSON_HEADERS = { blobHTTPHeaders: { blobContentType: 'application/json' } };
/** Of a lease on a blob that is gone: it cannot be had back. */
const GONE = new Set(['BlobNotFound', 'ContainerNotFound']);

/** Control records as one blob each, with its lease and ETag. Time is the store's `date` header. */
export const blobControlStore = ({
  container,
  of,
  clock,
  aheadMs = () => 0,
}: BlobControlStoreOptions): ControlStore => {
  const actions = storageActions({
    what: `the container ${container.containerName}`,
    setting: 'KEYWATCH_BLOB_SERVICE_URL',
    role: 'Storage Blob Data Contributor',
  });
  const nameOf = (recordId: string) => `${of}s/${recordId}.json`;
  const blobOf = (recordId: string) => container.getBlockBlobClient(nameOf(recordId));
  const call = <T>(
    verb: string,
    recordId: string,
    writes: boolean,
    run: (signal: AbortSignal) => Promise<T>,
  ) => blobCall(clock, { store: 'control', what: `${verb} ${of} ${recordId}`, writes, actions }, run);
  const storeNow = (date: Date | undefined): number => {
    const epochMs = epochMsOf(date);
    return epochMs === undefined ? clock.nowEpochMs() : epochMs + aheadMs();
  };

  const createEmpty = async (recordId: string, abortSignal: AbortSignal): Promise<void> => {
    const conditions = { ifNoneMatch: '*' };
    try {
      await inContainer(container, abortSignal, () =>
        blobOf(recordId).upload('', 0, { abortSignal, conditions, ...JSON_HEADERS }),
      );
    } catch (error) {
      // Another worker made it, and may hold its lease by now: the acquire that follows tells.
      if (!['BlobAlreadyExists', 'LeaseIdMissing'].includes(errorCodeOf(error) ?? '')) throw error;
    }
  };

  /** Ours end within a minute. */
  const isEndless = async (error: unknown, recordId: string, abortSignal: AbortSignal): Promise<boolean> => {
    if (errorCodeOf(error) !== 'LeaseAlreadyPresent') return false;
    const { leaseDuration } = await blobOf(recordId).getProperties({ abortSignal });
    return leaseDuration === 'infinite';
  };

  const endlessLease = (recordId: string): StoreFailure => ({
    ...storeFailure(
      { store: 'control', what: `take the lease of ${of} ${recordId}` },
      'locked',
      'somebody has a lease of its blob that does not end',
    ),
    action: `Find out who took it, and break it: az storage blob lease break --account-name ${container.accountName} --container-name ${container.containerName} --blob-name ${nameOf(recordId)} --auth-mode login`,
  });

  return {
    acquire: (recordId, leaseSeconds) =>
      call('take the lease of', recordId, true, async (abortSignal) => {
        const leaseId = randomUUID();
        const client = blobOf(recordId).getBlobLeaseClient(leaseId);
        const acquire = () => client.acquireLease(leaseSeconds, { abortSignal });
        const answer = await acquire().catch(async (error: unknown) => {
          if (await isEndless(error, recordId, abortSignal)) return undefined;
          if (!GONE.has(errorCodeOf(error) ?? '')) throw error;
          await createEmpty(recordId, abortSignal);
          return acquire();
        });
        if (answer === undefined) return endlessLease(recordId);
        return { ok: true as const, lease: { recordId, leaseId }, storeNowEpochMs: storeNow(answer.date) };
      }),
    renew: ({ recordId, leaseId }) =>
      call('renew the lease of', recordId, true, async (abortSignal) => {
        try {
          const { date } = await blobOf(recordId).getBlobLeaseClient(leaseId).renewLease({ abortSignal });
          return { ok: true as const, storeNowEpochMs: storeNow(date) };
        } catch (error) {
          if (GONE.has(errorCodeOf(error) ?? ''))
            return storeFailure(
              { store: 'control', what: `renew the lease of ${of} ${recordId}` },
              'lost',
              'its blob is gone',
            );
          throw error;
        }
      }),
    release: ({ recordId, leaseId }) =>
      call('release the lease of', recordId, true, async (abortSignal) => {
        const release = () => blobOf(recordId).getBlobLeaseClient(leaseId).releaseLease({ abortSignal });
        // A connection that was idle may be gone without a word, and given back twice a lease is given back.
        await release().catch(release);
        return { ok: true as const };
      }),
    read: (recordId) =>
      call('read the control record of', recordId, false, async (abortSignal) => {
        const found = await readText(container, nameOf(recordId), abortSignal);
        const snapshot = {
          body: found?.text || undefined,
          etag: found?.etag,
          storeNowEpochMs: storeNow(found?.date),
        };
        return { ok: true as const, snapshot };
      }),
    write: ({ recordId, leaseId }, body, etag) =>
      call('write the control record of', recordId, true, async (abortSignal) => {
        const conditions = { leaseId, ...(etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag }) };
        const size = Buffer.byteLength(body);
        const answer = await blobOf(recordId).upload(body, size, {
          abortSignal,
          conditions,
          ...JSON_HEADERS,
        });
        return { ok: true as const, etag: answer.etag ?? '', storeNowEpochMs: storeNow(answer.date) };
      }),
    archiveUnreadable: ({ recordId }, body) =>
      call('keep the unreadable control record of', recordId, true, async (abortSignal) => {
        const name = `aside/${recordId}/${randomUUID()}.txt`;
        const conditions = { ifNoneMatch: '*' };
        const blob = container.getBlockBlobClient(name);
        await blob.upload(body, Buffer.byteLength(body), { abortSignal, conditions });
        return { ok: true as const, name };
      }),
  };
};
