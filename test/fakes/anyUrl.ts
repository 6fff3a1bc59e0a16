import fc from 'fast-check';

const character = fc.constantFrom(
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  ..."-._~!$&'()*+,;=:@",
);
const encoded = fc
  .integer({ min: 0, max: 0xd7ff })
  .map((code) => encodeURIComponent(String.fromCharCode(code)));
const piece = fc.oneof({ weight: 10, arbitrary: character }, { weight: 1, arbitrary: encoded });
const segment = fc.array(piece).map((pieces) => pieces.join(''));
const path = fc.array(segment).map((segments) => segments.map((one) => `/${one}`).join(''));
const after = (mark: string) =>
  fc.oneof(
    fc.constant(''),
    segment.map((text) => mark + text),
  );

/** As `fc.webUrl` makes them, which makes a table of all characters first: that takes a second in each process. */
export const anyUrl = (...schemes: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...schemes), fc.webAuthority(), path)
    .map(([scheme, authority, rest]) => `${scheme}://${authority}${rest}`);

/** The same with a query or a fragment. */
export const anyUrlWithQuery = (...schemes: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(anyUrl(...schemes), after('?'), after('#')).map((parts) => parts.join(''));
