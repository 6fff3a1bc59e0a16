import { randomUUID } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import {
  type BlobStoreOptions,
  blobCall,
  errorCodeOf,
  inContainer,
  readText,
} from '../../azure/blobCalls.ts';
import { storageActions } from '../../azure/storeActions.ts';
import { envelopeSeq } from '../../stores/rules/sealedEnvelope.ts';
import type { FallbackStore, KeptEnvelope } from '../ports.ts';

const actions = storageActions({
  what: 'the container keywatch-fallback',
  setting: 'KEYWATCH_FALLBACK_BLOB_SERVICE_URL (KEYWATCH_BLOB_SERVICE_URL where that is not set)',
  role: 'Storage Blob Data Contributor',
});

/** Read by one call: small enough for its time limit, whatever lies there. */
const PAGE_LENGTH = 20;
/** More than any envelope of a token that came in an answer of a MiB at most. */
const LARGEST_BYTES = 2 * 1024 * 1024;
const SEQ_LIMIT = 10 ** 15;
const NAME = /^s(\d{16})-/;

/** Blob Storage lists names in ascending order and in no other: these fall as the sequence number grows. */
const nameOf = (envelope: string): string =>
  `s${String(SEQ_LIMIT - Math.max(envelopeSeq(envelope), 0)).padStart(16, '0')}-${randomUUID()}`;

/** A name of another kind says nothing, so what it holds is looked at. */
const isAbove = (name: string, seq: number): boolean =>
  SEQ_LIMIT - Number(NAME.exec(name)?.[1] ?? Number.NEGATIVE_INFINITY) > seq;

const pageOfNames = async (
  container: ContainerClient,
  prefix: string,
  continuationToken: string | undefined,
  abortSignal: AbortSignal,
): Promise<{ readonly names: readonly string[]; readonly next: string | undefined }> => {
  const from = continuationToken === undefined ? {} : { continuationToken };
  const pages = container
    .listBlobsFlat({ prefix, abortSignal })
    .byPage({ maxPageSize: PAGE_LENGTH, ...from });
  try {
    for await (const page of pages) {
      const names = page.segment.blobItems
        .filter(({ properties }) => (properties.contentLength ?? 0) <= LARGEST_BYTES)
        .map(({ name }) => name);
      return { names, next: page.continuationToken === '' ? undefined : page.continuationToken };
    }
  } catch (error) {
    if (errorCodeOf(error) !== 'ContainerNotFound') throw error;
  }
  return { names: [], next: undefined };
};

/**
 * Sealed tokens that no other store took, as one blob each: in another storage account than the control records,
 * better in another region.
 */
export const blobFallbackStore = ({ container, clock }: BlobStoreOptions): FallbackStore => {
  const prefixOf = (grantId: string) => `fallback/${grantId}/`;
  const call = <T>(
    verb: string,
    grantId: string,
    writes: boolean,
    run: (signal: AbortSignal) => Promise<T>,
  ) => blobCall(clock, { store: 'fallback', what: `${verb} of grant ${grantId}`, writes, actions }, run);

  return {
    put: (grantId, envelope) =>
      call('keep a sealed token', grantId, true, async (abortSignal) => {
        const blob = container.getBlockBlobClient(`${prefixOf(grantId)}${nameOf(envelope)}`);
        const conditions = { ifNoneMatch: '*' };
        const size = Buffer.byteLength(envelope);
        await inContainer(container, abortSignal, () =>
          blob.upload(envelope, size, { abortSignal, conditions }),
        );
        return { ok: true as const };
      }),
    list: (grantId, aboveSeq, from) =>
      call('list the sealed tokens', grantId, false, async (abortSignal) => {
        const prefix = prefixOf(grantId);
        const { names, next } = await pageOfNames(container, prefix, from, abortSignal);
        const wanted = names.filter((name) => isAbove(name.slice(prefix.length), aboveSeq));
        const read = await Promise.all(wanted.map((name) => readText(container, name, abortSignal)));
        const fallback = wanted.flatMap((id, index): KeptEnvelope[] => {
          const text = read[index]?.text;
          return text === undefined ? [] : [{ id, envelope: text }];
        });
        // In the order of the names: below the first that is too low all are.
        return { ok: true as const, fallback, next: wanted.length < names.length ? undefined : next };
      }),
    remove: (grantId, id) =>
      call('remove a sealed token', grantId, true, async (abortSignal) => {
        await container.getBlobClient(id).deleteIfExists({ abortSignal });
        return { ok: true as const };
      }),
  };
};
