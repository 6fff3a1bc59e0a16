import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { processTerminal, writeLines } from '../../../src/lib/kernel/terminal.ts';

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

describe('a terminal', () => {
  const shown = (environment: Readonly<Record<string, string | undefined>>) => {
    const { NO_COLOR, FORCE_COLOR, CI, ...rest } = environment;
    for (const [name, value] of Object.entries({ NO_COLOR, FORCE_COLOR, CI, ...rest }))
      vi.stubEnv(name, value);
    const written: string[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      const { isTTY } = stream;
      Object.assign(stream, { isTTY: true });
      onTestFinished(() => void Object.assign(stream, { isTTY }));
      const spy = vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
      onTestFinished(() => spy.mockRestore());
    }
    onTestFinished(() => void vi.unstubAllEnvs());
    const terminal = processTerminal();
    terminal.progress('one of two …');
    terminal.note('done');
    return { hasColour: terminal.hasColour, text: written.join('') };
  };

  it('that knows escapes has colour and a progress line', () => {
    expect(shown({ TERM: 'xterm' })).toEqual({
      hasColour: true,
      text: '\r\u001b[2Kone of two …\r\u001b[2Kdone\n',
    });
  });

  it('that is dumb gets no escape, unless colour is forced', () => {
    expect(shown({ TERM: 'dumb' })).toEqual({ hasColour: false, text: 'done\n' });
    expect(shown({ TERM: 'dumb', FORCE_COLOR: '1' }).hasColour).toBe(true);
  });
});
