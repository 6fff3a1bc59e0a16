import * as z from 'zod/mini';

/** A schema with what editors and the documents say of it. */
export const described = <T extends z.ZodMiniType>(type: T, description: string): T =>
  type.check(z.describe(description));

/** A member that may be absent, with what editors and the documents say of it. */
export const optional = <T extends z.ZodMiniType>(type: T, description: string): z.ZodMiniOptional<T> =>
  described(z.optional(type), description);

/** Text of so many characters. */
export const textOf = (minimum: number, maximum: number): z.ZodMiniString =>
  z.string().check(z.minLength(minimum), z.maxLength(maximum));

/** Text in one form, with that form in words. */
export const textLike = (pattern: RegExp, allowed: string): z.ZodMiniString =>
  z.string().check(z.regex(pattern, allowed));

export const ownerName = z.string().check(z.trim(), z.minLength(1), z.maxLength(128));

export const keyVaultName = textLike(
  /^[0-9A-Za-z-]{1,127}$/,
  'the name of an object in Key Vault: letters, digits and dashes',
);
