import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { writeLines } from '../../../src/lib/kernel/terminal.ts';

const LINE = 'x'.repeat(1_000);
function* lines(count: number, read: { lines: number }): Generator<string, void> {
  for (; read.lines < count; read.lines += 1) yield LINE;
}

describe('a long text for a slow reader', () => {
  it('is made no faster than it is read', async () => {
    const read = { lines: 0 };
    let written = 0;
    let mostAhead = 0;
    const stream = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        mostAhead = Math.max(mostAhead, read.lines * (LINE.length + 1) - written);
        written += chunk.length;
        setImmediate(done);
      },
    });
    await writeLines(stream, lines(1_000, read));
    stream.end();
    expect(read.lines).toBe(1_000);
    expect(mostAhead).toBeLessThan(200_000);
  });

  it.each([
    ['with an error', new Error('EPIPE')],
    ['without one', undefined],
  ])('ends where the reader goes away %s', async (_how, error) => {
    const read = { lines: 0 };
    const stream = new Writable({
      highWaterMark: 1,
      write: () => void setImmediate(() => stream.destroy(error)),
    });
    stream.on('error', () => undefined);
    await writeLines(stream, lines(100_000, read));
    expect(read.lines).toBeLessThan(1_000);
  });
});
