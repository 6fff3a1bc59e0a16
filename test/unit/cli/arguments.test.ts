import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneOf, readArguments, wholeNumber } from '../../../src/cli/arguments.ts';
import { UsageError } from '../../../src/lib/kernel/usageError.ts';
import { anyText } from '../../fakes/anyText.ts';

const OPTIONS = {
  vault: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
} as const;
const mistake = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return '';
};

describe('the options of a command', () => {
  it('are read as they were given', () => {
    expect(readArguments(['--vault', 'a', '--vault=b', '--json'], OPTIONS)).toEqual({
      vault: ['a', 'b'],
      json: true,
    });
  });

  it.each([
    [['--vault', '-1'], '--vault is followed by "-1"; if that is its value, write --vault=-1'],
    [['--valut', 'a'], 'There is no option --valut; did you mean --vault?'],
    [['--everything'], 'There is no option --everything; allowed are --vault, --json'],
    [['--\u001b[2J'], 'There is no option --\\u{1b}[2J; allowed are --vault, --json'],
  ])('%j: an unknown one is named, and the near one', (args, words) => {
    expect(mistake(() => readArguments(args, OPTIONS))).toBe(words);
  });

  it.each([[['--vault']], [['--json=yes']], [['kv-prod']], [['-x']]])('%j is a mistake in words', (args) => {
    expect(mistake(() => readArguments(args, OPTIONS))).not.toBe('');
  });

  it('of any text are read or refused in words that a terminal can show', () => {
    fc.assert(
      fc.property(fc.array(anyText()), (args) => {
        expect(mistake(() => readArguments(args, OPTIONS))).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});

it('takes one of a few words, with a dash or without', () => {
  expect(oneOf('--fail-on', 'not-yet', ['not_yet', 'never'])).toBe('not_yet');
  expect(mistake(() => oneOf('--fail-on', 'valid', ['critical', 'never']))).toBe(
    '--fail-on is "valid"; allowed are critical, never',
  );
});

it('takes a whole number within its bounds', () => {
  expect(wholeNumber('--port', '8080', 1, 65_535)).toBe(8080);
  for (const given of ['0', '65536', '-1', '1e3', '1.5', '', ' 5']) {
    expect(mistake(() => wholeNumber('--port', given, 1, 65_535))).toContain(
      'a whole number from 1 to 65535',
    );
  }
});
