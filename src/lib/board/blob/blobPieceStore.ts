import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  type BlobStoreOptions,
  blobCall,
  errorCodeOf,
  inContainer,
  readAgain,
} from '../../azure/blobCalls.ts';
import { storageActions } from '../../azure/storeActions.ts';
import type { ListedPiece, PieceStore } from '../ports.ts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** Ten times what a full part comes to: a blob that somebody else wrote may be anything. */
const MOST_BYTES = 64 * 2 ** 20;
const GONE = new Set(['BlobNotFound', 'ContainerNotFound']);
/** Where lines go on beside a blob that takes none: whoever restores or copies one may make it a block blob. */
const besideOf = (name: string): string => `${name}.more`;

/** A blob a piece, compressed; what is appended to is a blob of lines as they are. */
export const blobPieceStore = ({ container, clock }: BlobStoreOptions): PieceStore => {
  const actions = storageActions({
    what: `the container ${container.containerName}`,
    setting: 'KEYWATCH_BLOB_SERVICE_URL',
    role: 'Storage Blob Data Contributor',
    meanwhile: 'the board shows what it knew before; scans, refreshes and alerts go on',
  });
  const call = <T>(what: string, writes: boolean, run: (signal: AbortSignal) => Promise<T>) =>
    blobCall(clock, { store: 'board_state', what, writes, actions }, run);

  /** Absent: there is none. */
  const download = async (name: string, abortSignal: AbortSignal) => {
    try {
      const blob = container.getBlobClient(name);
      const answer = await readAgain(() => blob.download(0, undefined, { abortSignal, maxRetryRequests: 0 }));
      const isPiece = (answer.contentLength ?? 0) <= MOST_BYTES;
      const chunks: Buffer[] = [];
      for await (const chunk of answer.readableStreamBody ?? []) {
        // What is left unread fails at the time limit, where nobody hears it: that would end the process.
        if (!isPiece) break;
        chunks.push(Buffer.from(chunk));
      }
      return { bytes: Buffer.concat(chunks), etag: answer.etag ?? '', type: answer.blobType };
    } catch (error) {
      if (GONE.has(errorCodeOf(error) ?? '')) return undefined;
      throw error;
    }
  };

  return {
    list: (prefix) =>
      call('list the state of the board', false, async (abortSignal) => {
        const pieces: ListedPiece[] = [];
        try {
          // A listing leaves out the quotes that a read has.
          for await (const { name, properties } of container.listBlobsFlat({ prefix, abortSignal }))
            pieces.push({
              name,
              etag: `"${properties.etag.replaceAll('"', '')}"`,
              writtenEpochMs: properties.lastModified.getTime(),
            });
        } catch (error) {
          if (!GONE.has(errorCodeOf(error) ?? '')) throw error;
        }
        return { ok: true as const, pieces };
      }),
    read: (name) =>
      call(`read ${name} of the board`, false, async (abortSignal) => {
        const found = await download(name, abortSignal);
        if (found === undefined) return { ok: true as const, piece: undefined };
        const text = await unzip(found.bytes, { maxOutputLength: MOST_BYTES }).then(String, () => '');
        return { ok: true as const, piece: { text, etag: found.etag } };
      }),
    write: (name, text, etag) =>
      call(`write ${name} of the board`, true, async (abortSignal) => {
        const bytes = await zip(text);
        const conditions = etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag };
        const blob = container.getBlockBlobClient(name);
        const options = { abortSignal, conditions, blobHTTPHeaders: { blobContentType: 'application/gzip' } };
        await inContainer(container, abortSignal, () => blob.upload(bytes, bytes.length, options));
        return { ok: true as const };
      }),
    append: (name, lines) =>
      call(`add to ${name} of the board`, true, async (abortSignal) => {
        const addTo = async (one: string) => {
          const blob = container.getAppendBlobClient(one);
          await inContainer(container, abortSignal, () => blob.createIfNotExists({ abortSignal }));
          await blob.appendBlock(lines, Buffer.byteLength(lines), { abortSignal });
        };
        await addTo(name).catch((error: unknown) => {
          if (errorCodeOf(error) !== 'InvalidBlobType') throw error;
          return addTo(besideOf(name));
        });
        return { ok: true as const };
      }),
    readLines: (name) =>
      call(`read ${name} of the board`, false, async (abortSignal) => {
        const found = await download(name, abortSignal);
        const isOther = found !== undefined && found.type !== 'AppendBlob';
        const more = isOther ? await download(besideOf(name), abortSignal) : undefined;
        const texts = [found, more].flatMap((one) => (one === undefined ? [] : String(one.bytes)));
        return { ok: true as const, text: texts.join('\n') };
      }),
    remove: (name, ifMatch) =>
      call(`remove ${name} of the board`, true, async (abortSignal) => {
        try {
          await container
            .getBlobClient(name)
            .delete({ abortSignal, ...(ifMatch && { conditions: { ifMatch } }) });
        } catch (error) {
          if (!GONE.has(errorCodeOf(error) ?? '')) throw error;
        }
        return { ok: true as const };
      }),
  };
};
