import { type BlobStoreOptions, blobCall, errorCodeOf, inContainer } from '../../azure/blobCalls.ts';
import { storageActions } from '../../azure/storeActions.ts';
import type { JobRunStore } from '../ports.ts';

const PREFIX = 'runs/';

const actions = storageActions({
  what: 'the container keywatch-control',
  setting: 'KEYWATCH_BLOB_SERVICE_URL',
  role: 'Storage Blob Data Contributor',
  meanwhile:
    'the daily report goes by the timer alone, and may come twice or be left out for a day; the timer scans on its schedule all the same',
});

/** One empty blob per subject, with the time in its metadata: a list of names reads all of them at once. */
export const blobJobRunStore = ({ container, clock }: BlobStoreOptions): JobRunStore => ({
  read: () =>
    blobCall(
      clock,
      { store: 'job_runs', what: 'read when runs were last done', writes: false, actions },
      async (abortSignal) => {
        const doneEpochMs = new Map<string, number>();
        try {
          const options = { prefix: PREFIX, includeMetadata: true, abortSignal };
          for await (const { name, metadata } of container.listBlobsFlat(options)) {
            const atEpochMs = Date.parse(metadata?.['at'] ?? '');
            const subject = subjectOf(name);
            if (subject !== undefined && !Number.isNaN(atEpochMs)) doneEpochMs.set(subject, atEpochMs);
          }
        } catch (error) {
          if (errorCodeOf(error) !== 'ContainerNotFound') throw error;
        }
        return { ok: true as const, doneEpochMs };
      },
    ),
  record: (subject, atEpochMs) =>
    blobCall(
      clock,
      { store: 'job_runs', what: `note that the run of ${subject} is done`, writes: true, actions },
      async (abortSignal) => {
        const metadata = { at: new Date(atEpochMs).toISOString() };
        const blob = container.getBlockBlobClient(nameOf(subject));
        await inContainer(container, abortSignal, () => blob.upload('', 0, { abortSignal, metadata }));
        return { ok: true as const };
      },
    ),
});

const nameOf = (subject: string): string => `${PREFIX}${encodeURIComponent(subject)}`;

/** Absent for a name that `nameOf` never gave. */
const subjectOf = (name: string): string | undefined => {
  try {
    return decodeURIComponent(name.slice(PREFIX.length));
  } catch {
    return undefined;
  }
};
