import { describe, expect, it } from 'vitest';
import type { CallAnswer } from '../../../src/lib/prove/ports.ts';
import { provenKey, SECRET } from '../../fakes/prove.ts';
import { proving, status, stepsOf } from '../../fakes/proving.ts';

describe('the proof of a static key', () => {
  it('is the call alone, with the key in its header', async () => {
    const { world, proof } = proving(undefined, provenKey());
    expect([(await proof).outcome, stepsOf(await proof)]).toEqual([
      'proven',
      ['read the credential: ok', 'call without it: ok', 'call with it: ok'],
    ]);
    expect(world.calls.map(({ headers }) => headers)).toEqual([{}, { 'x-api-key': SECRET }]);
    expect(world.held).toContain(SECRET);
  });

  it('proves nothing where the call answers everybody', async () => {
    const { proof } = proving((it) => {
      it.answer = () => status(200);
    }, provenKey());
    expect(await proof).toMatchObject({ outcome: 'call_proves_nothing', failure: { retryable: false } });
  });

  it.each<[string, CallAnswer, boolean, string]>([
    ['which fails without it is not proven', status(503), true, 'call_failed'],
    [
      'which nobody answers without it is not proven',
      { kind: 'unanswered', reason: 'no answer in time' },
      true,
      'call_failed',
    ],
    ['which is not made without it this time is', status(503), false, 'proven'],
  ])('by a call %s', async (_what, without, callsWithout, outcome) => {
    const { proof } = proving(
      (it) => {
        it.answer = ({ headers }) => (headers['x-api-key'] === undefined ? without : status(200));
      },
      provenKey(),
      callsWithout,
    );
    expect((await proof).outcome).toBe(outcome);
  });

  it.each([true, false])(
    'is refused by the 403 that its call gets without it, too, as the key may not be known (called without: %s)',
    async (callsWithout) => {
      const { world, proof } = proving(
        (it) => {
          it.answer = () => status(403);
        },
        provenKey(),
        callsWithout,
      );
      expect(await proof).toMatchObject({
        outcome: 'call_refused',
        failure: {
          message: expect.stringContaining('403, as it does without it'),
          action: expect.stringMatching(/^Get a new key .* right that the call needs\.$/),
        },
      });
      expect(world.calls).toHaveLength(2);
    },
  );

  it.each([`${SECRET}\n`, ` ${SECRET}`, SECRET.replace('-', '\u2013')])(
    'is not sent where it is %j, which was never a key',
    async (value) => {
      const { world, proof } = proving((it) => {
        it.secret = { value };
      }, provenKey());
      expect((await proof).outcome).toBe('not_asked');
      expect(world.calls).toEqual([]);
    },
  );
});
