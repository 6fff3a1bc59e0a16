import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const decoderFor = (body: Buffer, encoding: string | undefined): Transform | undefined => {
  const flush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  if (body[0] === 0x1f && body[1] === 0x8b) return createGunzip(flush);
  if (encoding === 'deflate') return createInflate(flush);
  if (encoding === 'br') return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
  return undefined;
};

/**
 * As much of a body as can be decompressed, up to `maxBytes`: a cut-off one gives its beginning, and
 * one that is not compressed at all, whatever its header says, comes back as it is.
 */
export const decompress = (
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<{ bytes: Buffer; complete: boolean }> =>
  new Promise((resolve) => {
    const decoder = decoderFor(body, encoding?.trim().toLowerCase());
    if (decoder === undefined) return resolve({ bytes: body, complete: true });
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (complete: boolean): void => {
      decoder.destroy();
      resolve(size === 0 ? { bytes: body, complete } : { bytes: Buffer.concat(chunks), complete });
    };
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, maxBytes - size));
      size += chunk.length;
      if (size >= maxBytes) finish(false);
    });
    decoder.on('error', () => finish(false));
    decoder.on('end', () => finish(true));
    decoder.end(body);
  });
