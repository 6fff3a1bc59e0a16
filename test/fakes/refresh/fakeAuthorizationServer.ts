import type { RotationClass } from '../../../src/lib/oauth/rules/providerProfile.ts';

/** How a token request ended at the server, before anything happens to the answer. */
export type ServerVerdict =
  | { readonly kind: 'tokens'; readonly refreshToken: string | undefined }
  | { readonly kind: 'invalid_grant' };

interface IssuedToken {
  readonly value: string;
  consumedAtMs: number | undefined;
}

/**
 * An authorization server in memory and the oracle of every fault test: whether a stored token works is
 * asked here, and nowhere else. One family of tokens; reuse outside of what the class allows revokes it.
 */
export interface FakeAuthorizationServer {
  redeem(value: string, nowMs: number): ServerVerdict;
  /** Whether a refresh with this token would be accepted now. Spends nothing. */
  accepts(value: string, nowMs: number): boolean;
  /** A person consents again: a new family; the old one is forgotten. */
  consent(): string;
  readonly state: { familyKills: number; requests: number; refusals: number; readonly issued: string[] };
  snapshot(): string;
  /** Another one in the same state, on which what happens to this one has no effect. */
  copy(): FakeAuthorizationServer;
}

/** What happened at a server so far. */
interface Past {
  readonly tokens: readonly IssuedToken[];
  readonly revoked: boolean;
  readonly state: FakeAuthorizationServer['state'];
}

/** Every token begins with it, so that a search for it in any output finds any token. */
export const CANARY = 'CANARY-refresh-token';

/** What a token that was replaced gets inside its grace window: another new one, none, or itself. */
export type GraceReplay = 'new' | 'none' | 'echo';

export const fakeAuthorizationServer = (
  rotation: RotationClass,
  graceReplay: GraceReplay = 'new',
  past: Past = {
    tokens: [],
    revoked: false,
    state: { familyKills: 0, requests: 0, refusals: 0, issued: [] },
  },
): FakeAuthorizationServer => {
  let tokens = past.tokens.map((token) => ({ ...token }));
  let revoked = past.revoked;
  const state = { ...past.state, issued: [...past.state.issued] };

  const issue = (): string => {
    const value = `${CANARY}-${state.issued.length}-${'x'.repeat(8)}`;
    tokens.push({ value, consumedAtMs: undefined });
    state.issued.push(value);
    return value;
  };
  const mayUse = (token: IssuedToken, nowMs: number): boolean => {
    if (token.consumedAtMs === undefined || rotation.kind === 'keeps_old') return true;
    return rotation.kind === 'grace' && nowMs - token.consumedAtMs <= rotation.graceSeconds * 1000;
  };
  const find = (value: string) => (revoked ? undefined : tokens.findLast((token) => token.value === value));

  return {
    state,
    accepts(value, nowMs) {
      const token = find(value);
      return token !== undefined && mayUse(token, nowMs);
    },
    redeem(value, nowMs) {
      state.requests++;
      const token = find(value);
      if (token === undefined || !mayUse(token, nowMs)) {
        if (token !== undefined) {
          revoked = true;
          state.familyKills++;
        }
        state.refusals++;
        return { kind: 'invalid_grant' };
      }
      if (rotation.kind === 'static') return { kind: 'tokens', refreshToken: undefined };
      if (token.consumedAtMs !== undefined && graceReplay !== 'new')
        return { kind: 'tokens', refreshToken: graceReplay === 'echo' ? value : undefined };
      token.consumedAtMs ??= nowMs;
      return { kind: 'tokens', refreshToken: issue() };
    },
    consent() {
      tokens = [];
      revoked = false;
      return issue();
    },
    snapshot: () => JSON.stringify([revoked, tokens]),
    copy: () => fakeAuthorizationServer(rotation, graceReplay, { tokens, revoked, state }),
  };
};
