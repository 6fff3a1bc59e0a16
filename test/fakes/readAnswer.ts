import { providerPreset } from '../../src/lib/oauth/presets/providerPreset.ts';
import type { ProviderProfile, RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { type RawTokenResponse, readTokenAnswer } from '../../src/lib/oauth/tokenEndpoint/tokenResponse.ts';
import { strictProfile } from './profiles.ts';

/** The refresh token of the request, and a conformant answer to it. */
export const SENT = 'RT-0123456789abcdef';
export const NEW = 'RT-fedcba9876543210';
export const PAIR = { access_token: 'AT-1', token_type: 'Bearer', refresh_token: NEW };

export const STRICT: RotationClass = { kind: 'strict' };
export const GRACE: RotationClass = { kind: 'grace', graceSeconds: 600 };
export const KEEPS_OLD: RotationClass = { kind: 'keeps_old' };
export const STATIC: RotationClass = { kind: 'static' };
export const CLASSES = [STRICT, GRACE, KEEPS_OLD, STATIC];

/** What of an HTTP response a test changes, and which token was sent; the rest is that of plain JSON. */
export type AnswerChange = Partial<Omit<RawTokenResponse, 'body'>> & { readonly sent?: string };

/** Reads a response with the production reader. A body that is neither text nor bytes is sent as JSON. */
export const readAnswer = (
  httpStatus: number,
  body: unknown,
  profile: Partial<ProviderProfile> = {},
  { sent = SENT, ...change }: AnswerChange = {},
) => {
  const head = { httpStatus, contentType: 'application/json', date: undefined, retryAfter: undefined };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(text);
  return readTokenAnswer(
    { ...head, cutOff: undefined, body: bytes, ...change },
    strictProfile(profile),
    sent,
  );
};

/** The profile of a preset; one with a name that says so where there is none. */
export const presetOf = (id: string): ProviderProfile =>
  providerPreset(id) ?? strictProfile({ id: 'no such preset' });
