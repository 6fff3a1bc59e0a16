import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../fakes/readAnswer.ts';

const read = (body: Uint8Array | string, cutOff?: string) =>
  readAnswer(200, body, {}, { contentType: undefined, cutOff, sent: 'rt-old' });

const token = fc.stringMatching(/^[!-~]{8,200}$/).filter((text) => !/[*.xX#_-]{3}/.test(text));
const bareToken = fc.stringMatching(/^[A-Za-z0-9._~-]{1,80}$/).filter((text) => text !== 'rt-old');
const other = fc.dictionary(
  fc.string().filter((key) => !/^(refresh|access)[_-]?token$/i.test(key) && key !== '__proto__'),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 5 },
);
const runs = { numRuns: 300, seed: 20261129 };

describe('whatever surrounds it, a token that is whole is found', () => {
  it('in JSON that is cut off anywhere after it', () => {
    fc.assert(
      fc.property(token, other, other, fc.nat(), (newToken, before, after, cut) => {
        const head = JSON.stringify({ ...before, error: null, refresh_token: newToken }).slice(0, -1);
        const tail = `,${JSON.stringify(after).slice(1)}`;
        const body = head + tail.slice(0, cut % (tail.length + 1));
        expect(read(body, 'cut')).toMatchObject({ kind: 'tokens', refreshToken: newToken });
      }),
      runs,
    );
  });

  it('in JSON at any depth and after any text', () => {
    fc.assert(
      fc.property(
        bareToken,
        fc.string(),
        fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 6 }),
        (newToken, noise, path) => {
          const inner: unknown = { access_token: 'at-1', refresh_token: newToken };
          const body = path.reduceRight((value, key) => ({ [key]: value }), inner);
          expect(read(`<p>${noise}</p>${JSON.stringify(body)}`)).toMatchObject({ refreshToken: newToken });
        },
      ),
      runs,
    );
  });

  it('in a form, wherever it stands', () => {
    fc.assert(
      fc.property(token, other, (newToken, rest) => {
        const pairs = Object.keys(rest).map((key): [string, string] => [
          `x${key}`,
          JSON.stringify(rest[key]),
        ]);
        for (const at of [0, pairs.length]) {
          const body = new URLSearchParams(
            pairs.toSpliced(at, 0, ['access_token', 'at-1'], ['refresh_token', newToken]),
          ).toString();
          expect(read(body)).toMatchObject({ kind: 'tokens', refreshToken: newToken });
        }
      }),
      runs,
    );
  });

  it('when other bytes of the body are damaged', () => {
    fc.assert(
      fc.property(bareToken, fc.nat(), fc.integer({ min: 32, max: 255 }), (newToken, position, byte) => {
        const prefix = '{"access_token":"at-1","scope":"a b","expires_in":3600,';
        const body = Buffer.from(`${prefix}"refresh_token":"${newToken}"}`);
        body[position % (prefix.length - 1)] = byte;
        const answer = read(body);
        // Without its access token it is not believed; then what came is kept for a person.
        if (answer.kind === 'ambiguous') expect(answer.evidence?.()).toContain(newToken);
        else expect(answer).toMatchObject({ kind: 'tokens', refreshToken: newToken });
      }),
      runs,
    );
  });
});

describe('whatever arrives, an answer comes of it', () => {
  it('from any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['tokens', 'ambiguous', 'refused']).toContain(read(bytes).kind);
      }),
      runs,
    );
  });

  it('never half a token', () => {
    fc.assert(
      fc.property(bareToken, fc.nat(), (newToken, cut) => {
        for (const body of [`{"a":1,"refresh_token":"${newToken}"`, `a=1&refresh_token=${newToken}`]) {
          const shorter = body.slice(0, cut % body.length);
          const result = read(shorter, 'cut');
          if (result.kind === 'tokens') expect(result.refreshToken).toBe(newToken);
        }
      }),
      runs,
    );
  });

  it('from a megabyte of opening brackets, at once', () => {
    expect(read('['.repeat(1_000_000)).kind).toBe('ambiguous');
    expect(read(`{"a":`.repeat(200_000)).kind).toBe('ambiguous');
    expect(read('"'.repeat(1_000_000)).kind).toBe('ambiguous');
  });
});
