import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableAddress } from '../../../src/lib/kernel/printable.ts';
import { anyText } from '../../fakes/anyText.ts';

const anything = fc.oneof(
  anyText({ maxLength: 300 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
);

describe('printable text', () => {
  it('leaves ordinary text of any script alone', () => {
    for (const text of ['door-lock-api', 'Zürich', '鍵', 'key 🔑', '⚠️ ops', '<b>&amp;'])
      expect(printable(text)).toBe(text);
  });

  it.each([
    ['a terminal escape', '\u001b[31mred', '\\u{1b}[31mred'],
    ['a one-byte control sequence', '\u009b31m', '\\u{9b}31m'],
    ['a line break', 'one\r\ntwo', 'one\\u{d}\\u{a}two'],
    ['a reversal of the reading direction', 'a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
    ['a character without width', 'ad\u200bmin', 'ad\\u{200b}min'],
    ['a filler, for which nothing is shown', '\u3164', '\\u{3164}'],
    ['an empty cell of Braille', 'ad\u2800min', 'ad\\u{2800}min'],
    ['a variation of what has none', 'a\ufe0fb', 'a\\u{fe0f}b'],
    ['half a character', 'a\ud800b', 'a\\u{d800}b'],
    ['a tag character beyond the basic plane', 'a\u{e0041}', 'a\\u{e0041}'],
  ])('shows %s as an escape', (_what, text, shown) => expect(printable(text)).toBe(shown));

  it('never holds a character that is not shown, nor half of one', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 300 }), (text, maximumLength) => {
        expect(printable(text, maximumLength)).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}[\p{DI}--[\ufe0e\ufe0f]]]/v,
        );
      }),
    );
  });

  it('is shown from its beginning where it is longer than asked for', () => {
    expect(printable('😀'.repeat(5_000), 10)).toBe(`${'😀'.repeat(9)}…`);
    expect(printable(`\u0007${'x'.repeat(5_000)}`, 12)).toBe('\\u{7}xxxxxx…');
  });

  it('is never longer than asked for', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 80 }), (text, maximumLength) => {
        expect([...printable(text, maximumLength)].length).toBeLessThanOrEqual(maximumLength);
      }),
    );
  });

  it('stays as it is when made printable again', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });
});

describe('a printable address', () => {
  it.each([
    ['https://user:s3cret@api.partner.com/v1', 'https://…@api.partner.com/v1'],
    ['user:s3?cret@api.partner.com', '…@api.partner.com'],
    ['https://api.partner.com/hook?sig=s3cret', 'https://api.partner.com/hook?…'],
    ['https://api.partner.com/#access_token=s3cret', 'https://api.partner.com/#…'],
    [`user:${'p'.repeat(5_000)}@host.example/x`, '…@host.example/x'],
    [`https://user:${'p'.repeat(5_000)}@host.example/x?y`, 'https://…@host.example/x?…'],
  ])('shows of %s no user, password, query and fragment', (address, shown) =>
    expect(printableAddress(address)).toBe(shown),
  );
});
