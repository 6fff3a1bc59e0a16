import * as z from 'zod/mini';

/** A value that a parser of ours made, or what is allowed instead. */
export type Parsing<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly allowed: string };

export type Parsed<T, I = string> = z.ZodMiniPipe<z.ZodMiniType<I, I>, z.ZodMiniTransform<T, I>>;

/** A schema whose values a parser of ours understands: where it does not, the issue says what is allowed. */
export const parsedBy = <T, I>(input: z.ZodMiniType<I, I>, parse: (given: I) => Parsing<T>): Parsed<T, I> =>
  z.pipe(
    input,
    z.transform((given: I, context): T => {
      const parsing = parse(given);
      if (parsing.ok) return parsing.value;
      context.issues.push({ code: 'custom', message: parsing.allowed, input: given });
      return z.NEVER;
    }),
  );
