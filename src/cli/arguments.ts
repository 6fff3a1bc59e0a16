import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearestName } from '../lib/kernel/nearestName.ts';
import { printable } from '../lib/kernel/printable.ts';
import { UsageError } from '../lib/kernel/usageError.ts';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads the options of one command.
 * @throws UsageError that names an unknown option and the near one, or what is missing
 */
export const readArguments = <const O extends OptionsConfig>(args: readonly string[], options: O) => {
  const names = Object.keys(options).map((name) => `--${name}`);
  for (const argument of args) {
    const name = argument.split('=')[0] ?? '';
    if (!name.startsWith('--') || name === '--' || names.includes(name)) continue;
    const near = nearestName(name, names);
    const hint = near === undefined ? `allowed are ${names.join(', ')}` : `did you mean ${near}?`;
    throw new UsageError(`There is no option ${printable(name)}; ${hint}`);
  }
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [, option] = /^Option '(--[\w-]+)'.* argument is ambiguous/.exec((error as Error).message) ?? [];
    if (option !== undefined) {
      const value = printable(args[args.indexOf(option) + 1] ?? '');
      throw new UsageError(
        `${option} is followed by "${value}"; if that is its value, write ${option}=${value}`,
      );
    }
    // Node breaks its longer sentences into lines.
    const words = error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
    throw new UsageError(printable(words, 300));
  }
};

/** One of a few words. @throws UsageError that names them */
export const oneOf = <T extends string>(option: string, given: string, allowed: readonly T[]): T => {
  const found = allowed.find((word) => word === given.replaceAll('-', '_'));
  if (found === undefined) {
    throw new UsageError(`${option} is "${printable(given)}"; allowed are ${allowed.join(', ')}`);
  }
  return found;
};

/** A whole number within bounds. @throws UsageError that names them */
export const wholeNumber = (option: string, given: string, minimum: number, maximum: number): number => {
  const number = Number(given);
  if (/^\d{1,9}$/.test(given) && number >= minimum && number <= maximum) return number;
  const allowed = `a whole number from ${minimum} to ${maximum}`;
  throw new UsageError(`${option} is "${printable(given)}"; allowed is ${allowed}`);
};
