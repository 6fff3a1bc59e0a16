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

type Decoder = () => Transform | undefined;

const rawDeflate: Decoder = () => zlib.createInflateRaw(FLUSH);
const brotli: Decoder = () =>
  zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });

const NAMED: ReadonlyMap<string, Decoder> = new Map([
  // IIS and others call the raw stream of RFC 1951 deflate, without the header of RFC 1950.
  ['deflate', rawDeflate],
  ['br', brotli],
  // Not in every Node.js that runs this.
  ['zstd', () => zlib.createZstdDecompress?.()],
]);

const byItsBytes = (body: Buffer): Decoder | undefined => {
  if (isGzip(body)) return () => zlib.createGunzip(FLUSH);
  return isZlib(body) ? () => zlib.createInflate(FLUSH) : undefined;
};

/** In steps of so many bytes: what a decoder refuses takes the output of its own step along. */
const run = (
  body: Buffer,
  decoder: Transform,
  { maxBytes, stepBytes }: { readonly maxBytes: number; readonly stepBytes: number },
): Promise<Decoded> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (complete: boolean): void => {
      decoder.destroy();
      resolve({ bytes: Buffer.concat(chunks), complete });
    };
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, maxBytes - size));
      size += chunk.length;
      if (size >= maxBytes) finish(false);
    });
    decoder.on('error', () => finish(false));
    decoder.on('end', () => finish(true));
    for (let at = 0; at < body.length; at += stepBytes) decoder.write(body.subarray(at, at + stepBytes));
    decoder.end();
  });

/** Beyond that one byte after the other takes too long, and no token is that long. */
const LONGEST_BY_BYTES = 64 * 1024;

const decodeWith = async (body: Buffer, decoder: Decoder, maxBytes: number): Promise<Decoded | undefined> => {
  const steps = [body.length, ...(body.length <= LONGEST_BY_BYTES ? [1] : [])];
  let best: Decoded | undefined;
  for (const stepBytes of steps) {
    const transform = decoder();
    const decoded = transform && (await run(body, transform, { maxBytes, stepBytes }));
    if (decoded !== undefined && decoded.bytes.length > (best?.bytes.length ?? 0)) best = decoded;
    if (best?.complete === true || best?.bytes.length === maxBytes) break;
  }
  return best;
};

/** What comes of bytes that are something else is short, or no text. */
const SHORTEST_GUESS = 32;

const decodeOnce = async (body: Buffer, name: string | undefined, maxBytes: number): Promise<Decoded> => {
  if (body.length === 0 || isPlainText(body)) return { bytes: body, complete: true };
  const known = byItsBytes(body) ?? NAMED.get(name ?? '');
  const decoded = known && (await decodeWith(body, known, maxBytes));
  if (decoded !== undefined) return decoded;
  // These have no mark of their own, and were not named, or wrongly.
  for (const guess of [rawDeflate, brotli]) {
    const guessed = await decodeWith(body, guess, maxBytes);
    if (guessed !== undefined && guessed.bytes.length >= SHORTEST_GUESS && isPlainText(guessed.bytes))
      return guessed;
  }
  return { bytes: body, complete: known === undefined };
};

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
