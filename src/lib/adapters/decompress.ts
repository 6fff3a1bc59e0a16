import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

const FLUSH = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
/** No server compresses more often; each step is bounded by itself. */
const MOST_STEPS = 4;

interface Decoded {
  readonly bytes: Buffer;
  /** False when the compressed bytes end before their end, or are none. */
  readonly complete: boolean;
}

const isGzip = ([first, second]: Buffer): boolean => first === 0x1f && second === 0x8b;

/** RFC 1950: method 8, and the two bytes together a multiple of 31. */
const isZlib = ([first = 0, second = 0]: Buffer): boolean =>
  (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;

/** Whatever its header says: nothing that is compressed begins with so much readable text. */
const isPlainText = (body: Buffer): boolean =>
  body.subarray(0, 64).every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d));

const decoderFor = (body: Buffer, encoding: string | undefined): Transform | undefined => {
  if (isGzip(body)) return zlib.createGunzip(FLUSH);
  // IIS and others call the raw stream of RFC 1951 deflate, without the header of RFC 1950.
  if (encoding === 'deflate') return isZlib(body) ? zlib.createInflate(FLUSH) : zlib.createInflateRaw(FLUSH);
  if (encoding === 'br')
    return zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });
  // Not in every Node.js that runs this.
  return encoding === 'zstd' ? zlib.createZstdDecompress?.() : undefined;
};

const decodeOnce = (body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Decoded> =>
  new Promise((resolve) => {
    const decoder = isPlainText(body) ? undefined : decoderFor(body, encoding);
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

/**
 * As much of a body as can be decompressed, up to `maxBytes`: a cut-off one gives its beginning, and
 * one that is not compressed at all, whatever its header says, comes back as it is.
 * @param encodings the `content-encoding` header; absent: none was named
 */
export const decompress = async (
  body: Buffer,
  encodings: string | undefined,
  maxBytes: number,
): Promise<Decoded> => {
  // The last that was applied is named last. A gzip that nobody named is recognized all the same.
  const names = (encodings ?? '').toLowerCase().split(',').reverse();
  const steps = [...names.map((name) => name.trim()), undefined].slice(0, MOST_STEPS);
  let decoded: Decoded = { bytes: body, complete: true };
  for (const step of steps) {
    const next = await decodeOnce(decoded.bytes, step, maxBytes);
    decoded = { bytes: next.bytes, complete: decoded.complete && next.complete };
  }
  return decoded;
};
