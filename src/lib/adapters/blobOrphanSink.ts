import { randomUUID } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import type { Clock } from '../ports/clock.ts';
import type { Orphan, OrphanSink } from '../ports/orphanSink.ts';
import { blobCall, errorCodeOf, inContainer, readText } from './blobCalls.ts';

export interface BlobOrphanSinkOptions {
  /** In another storage account than the control records, better in another region. Made with `SINGLE_TRY`. */
  readonly container: ContainerClient;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

/** Sealed tokens that no other store took, as one blob each. */
export const blobOrphanSink = ({ container, clock }: BlobOrphanSinkOptions): OrphanSink => {
  const prefixOf = (grantId: string) => `orphans/${grantId}/`;
  const call = <T>(
    verb: string,
    grantId: string,
    writes: boolean,
    run: (signal: AbortSignal) => Promise<T>,
  ) => blobCall(clock, { store: 'orphans', what: `${verb} of grant ${grantId}`, writes }, run);

  return {
    put: (grantId, envelope) =>
      call('keep a sealed token', grantId, true, async (abortSignal) => {
        const blob = container.getBlockBlobClient(`${prefixOf(grantId)}${randomUUID()}`);
        const conditions = { ifNoneMatch: '*' };
        const size = Buffer.byteLength(envelope);
        await inContainer(container, abortSignal, () =>
          blob.upload(envelope, size, { abortSignal, conditions }),
        );
        return { ok: true as const };
      }),
    list: (grantId) =>
      call('list the sealed tokens', grantId, false, async (abortSignal) => {
        const orphans: Orphan[] = [];
        try {
          for await (const { name } of container.listBlobsFlat({ prefix: prefixOf(grantId), abortSignal })) {
            const found = await readText(container, name, abortSignal);
            if (found !== undefined) orphans.push({ id: name, envelope: found.text });
          }
        } catch (error) {
          if (errorCodeOf(error) !== 'ContainerNotFound') throw error;
        }
        return { ok: true as const, orphans };
      }),
    remove: (grantId, id) =>
      call('remove a sealed token', grantId, true, async (abortSignal) => {
        await container.getBlobClient(id).deleteIfExists({ abortSignal });
        return { ok: true as const };
      }),
  };
};
