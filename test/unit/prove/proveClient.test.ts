import { describe, expect, it } from 'vitest';
import type { CallAnswer, ProofFailure } from '../../../src/lib/prove/ports.ts';
import {
  ACCESS_TOKEN,
  issued,
  jwtOf,
  type ProofWorld,
  provenClient,
  refusedToken,
  SECRET,
} from '../../fakes/prove.ts';
import { answering, proving, status, stepsOf } from '../../fakes/proving.ts';

const SECOND = 1_000;

describe('the proof of a client', () => {
  it('reads, gets a token, reads it, calls without it and with it: every step is shown', async () => {
    const { world, proof } = proving();
    const { outcome, failure, findings, httpStatus, ...rest } = await proof;
    expect([outcome, failure, findings, httpStatus]).toEqual(['proven', undefined, [], 200]);
    expect(rest.steps.map(({ name, shown }) => [name, shown])).toEqual([
      ['read the credential', 'secret oauth-orders of kv-clients'],
      ['get a token', '200, a token of type Bearer'],
      ['read the token', 'a JWT, roles Orders.Read, scopes none, lives 60 minutes'],
      ['call without it', '401, as it should be'],
      ['call with it', '200, as it should be'],
    ]);
    expect(world.calls.map(({ token }) => token)).toEqual([undefined, ACCESS_TOKEN]);
  });

  it('ends where no token is given', async () => {
    const { world, proof } = proving((it) => {
      it.token = () => refusedToken;
    });
    const { outcome, failure, ...rest } = await proof;
    expect(outcome).toBe('credential_wrong');
    expect(failure).toMatchObject({ oauthError: 'invalid_client', numbers: [7000215] });
    expect(stepsOf({ outcome, failure, ...rest })).toEqual([
      'read the credential: ok',
      'get a token: failed',
    ]);
    expect([world.calls, world.telemetry.calls]).toEqual([[], []]);
  });

  it('asks once more with a new assertion where the times of the first were refused', async () => {
    const untimely: ProofFailure = { ...refusedToken, code: 'assertion_refused', numbers: [700024] };
    const outcomeOf = async (...answers: (ProofFailure | ReturnType<typeof issued>)[]) => {
      const { proof } = proving((it) => {
        it.token = () => answers.shift() ?? issued();
      });
      return [(await proof).outcome, answers.length];
    };
    expect(await outcomeOf(untimely)).toEqual(['proven', 0]);
    expect(await outcomeOf(untimely, untimely, untimely)).toEqual(['assertion_refused', 1]);
  });

  it('waits for the next token where the server gives out one that is about to end', async () => {
    const { world, proof } = proving((it) => {
      const leftSeconds = () => 3 - it.clock.monotonicMs() / SECOND;
      it.token = () =>
        leftSeconds() >= 0 ? { ...issued('the-last'), expiresInSeconds: leftSeconds() } : issued();
      it.answer = ({ token }) => status(token === ACCESS_TOKEN ? 200 : 401);
    });
    expect((await proof).outcome).toBe('proven');
    expect(world.calls.map(({ token }) => token)).toEqual([undefined, ACCESS_TOKEN]);
  });

  it.each([
    ['once where all tokens of a server are that short', provenClient(), 2],
    ['never where nothing is called', { ...provenClient(), call: undefined }, 1],
  ])('waits %s', async (_, configured, expected) => {
    let requests = 0;
    const { proof } = proving((it) => {
      it.token = () => {
        requests += 1;
        return { ...issued(), expiresInSeconds: 5 };
      };
    }, configured);
    expect([(await proof).outcome, requests]).toEqual(['proven', expected]);
  });

  it('asks for nothing where the vault keeps the credential from it, and says what the vault says', async () => {
    const { world, proof } = proving((it) => {
      it.secret = { failure: 'forbidden' };
    });
    expect(await proof).toMatchObject({
      outcome: 'not_asked',
      failure: { retryable: false, action: 'Assign the role.' },
    });
    expect(world.telemetry.calls).toEqual([]);
  });

  it.each<[string, CallAnswer, object]>([
    ['401', status(401), { outcome: 'call_refused', failure: { retryable: false, httpStatus: 401 } }],
    ['403', status(403), { outcome: 'call_forbidden', failure: { retryable: false } }],
    [
      '429',
      status(429, { retryAfterSeconds: 9 }),
      { outcome: 'throttled', failure: { retryAfterSeconds: 9 } },
    ],
    ['302', status(302), { outcome: 'call_failed' }],
    ['a page', status(200, { contentType: 'text/html' }), { outcome: 'call_failed' }],
    ['nothing', { kind: 'unanswered', reason: 'timeout' }, { outcome: 'call_failed' }],
  ])('has the outcome of its call where that is answered with %s', async (_what, answer, expected) => {
    const { world, proof } = proving(answering(answer, answer));
    expect(await proof).toMatchObject(expected);
    const status = answer.kind === 'answered' ? answer.httpStatus : undefined;
    expect(world.telemetry.calls).toMatchObject([
      { url: 'https://orders.example/me', credentialId: 'client/orders', status },
    ]);
  });

  it.each([401, 403])(
    'is proven by a token that is answered %i in its first seconds alone',
    async (httpStatus) => {
      const { world, proof } = proving(answering(status(httpStatus), status(200)));
      expect([(await proof).outcome, world.clock.monotonicMs()]).toEqual(['proven', 15_000]);
      expect(world.telemetry.calls).toMatchObject([{ status: 200 }]);
    },
  );

  it('finds that the call proves nothing where it is answered without a token, too, and keeps to the token', async () => {
    const { proof } = proving((it) => {
      it.answer = () => status(200);
    });
    const { outcome, findings } = await proof;
    expect([outcome, findings.map(({ code }) => code)]).toEqual(['proven', ['proof_proves_nothing']]);
  });

  it('leaves the call without out unless it is asked for', async () => {
    const { world, proof } = proving(undefined, provenClient(), false);
    expect(stepsOf(await proof)).not.toContain('call without it: ok');
    expect(world.calls).toHaveLength(1);
  });

  it('without a call is proven by its token', async () => {
    const { proof } = proving(undefined, provenClient({ call: undefined }));
    expect([(await proof).outcome, stepsOf(await proof)]).toEqual([
      'proven',
      ['read the credential: ok', 'get a token: ok', 'read the token: ok'],
    ]);
  });

  it('goes on where the token lacks a role, with a finding', async () => {
    const { proof } = proving((it) => {
      it.token = () => issued(jwtOf('{"roles":[]}'));
    });
    const { outcome, findings } = await proof;
    expect([outcome, findings.map(({ code }) => code)]).toEqual(['proven', ['role_missing']]);
  });
});

describe('a claims challenge of the resource', () => {
  const claims = '{"access_token":{"nbf":{"essential":true}}}';
  const challenge = status(401, {
    wwwAuthenticate: `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`,
  });

  it('is answered with one more token, asked for with these claims', async () => {
    const asked: (string | undefined)[] = [];
    const { proof } = proving((it) => {
      answering(challenge, status(200))(it);
      it.token = ({ claims: given }) => {
        asked.push(given);
        return issued();
      };
    });
    expect([(await proof).outcome, asked]).toEqual(['proven', [undefined, claims]]);
  });

  it.each<[ProofFailure['code'], string]>([
    ['resource_wrong', 'call_refused'],
    ['unavailable', 'call_refused'],
    ['policy_blocks', 'policy_blocks'],
  ])('that gets %s for an answer at the token endpoint is %s', async (code, outcome) => {
    const { proof } = proving((it) => {
      answering(challenge)(it);
      it.token = ({ claims: given }) => (given === undefined ? issued() : { ...refusedToken, code });
    });
    expect((await proof).outcome).toBe(outcome);
  });

  it('brings a token that is as new as the first: its refusal passes, too', async () => {
    const { world, proof } = proving(answering(challenge, status(401), status(200)));
    expect([(await proof).outcome, world.clock.monotonicMs()]).toEqual(['proven', 15_000]);
  });

  it('is answered once: a second one is a refusal', async () => {
    const { world, proof } = proving(answering(challenge, challenge, status(200)));
    expect((await proof).outcome).toBe('call_refused');
    expect(world.calls.filter(({ token }) => token !== undefined)).toHaveLength(2);
  });
});

describe('a refusal of a fresh credential', () => {
  const fresh = (agoSeconds: number) => (it: ProofWorld) => {
    it.secret = { value: SECRET, createdEpochMs: it.clock.nowEpochMs() - agoSeconds * SECOND };
  };
  const refusing = (failure: ProofFailure) => (it: ProofWorld) => {
    it.token = () => failure;
  };
  const outcomeOf = async (change: (it: ProofWorld) => void, agoSeconds: number) =>
    (
      await proving((it) => {
        fresh(agoSeconds)(it);
        change(it);
      }).proof
    ).outcome;

  it.each<[string, (it: ProofWorld) => void, number, string]>([
    ['of its secret is settling', refusing(refusedToken), 599, 'settling'],
    ['is one after ten minutes', refusing(refusedToken), 600, 'credential_wrong'],
    ['by the resource is settling', answering(status(403), status(403)), 60, 'settling'],
    [
      'on purpose is none of its age',
      refusing({ ...refusedToken, code: 'app_disabled' }),
      60,
      'app_disabled',
    ],
    [
      'for want of an answer is none of its age',
      refusing({ ...refusedToken, code: 'unavailable' }),
      60,
      'unavailable',
    ],
  ])('%s', async (_what, change, agoSeconds, outcome) => {
    expect(await outcomeOf(change, agoSeconds)).toBe(outcome);
  });
});
