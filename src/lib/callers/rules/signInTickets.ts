import * as z from 'zod/mini';
import { jsonOf } from '../../kernel/json.ts';
import { HOUR_MS } from '../../kernel/time.ts';

/** At most an hour without a request, and eight in all. */
export const IDLE_MS = HOUR_MS;
export const ABSOLUTE_MS = 8 * IDLE_MS;
/** A use is noted no sooner after the last note, so that most requests write nothing. */
export const NOTE_USE_AFTER_MS = 5 * 60_000;
/** From the way to the identity provider until the way back. */
export const SIGN_IN_MS = 10 * 60_000;

const text = z.string();
const epochMs = z.int();

// Both lie in one store under the hash of a random text, and the `state` of a sign-in is seen by others: the kind tells them apart.
const signIn = z.strictObject({
  kind: z.literal('sign_in'),
  /** SHA-256 of the text in the cookie of the browser that began it. */
  browser: text,
  /** Of PKCE. */
  verifier: text,
  nonce: text,
  /** Where to go afterwards: a path of ours. */
  to: text,
  /** The same, sealed for the browser, where it holds the code of a consent: then `to` is the board. */
  sealedTo: z.optional(text),
  notAfterEpochMs: epochMs,
});
const session = z.strictObject({
  kind: z.literal('session'),
  tenantId: text,
  objectId: text,
  roles: z.array(text),
  createdEpochMs: epochMs,
  usedEpochMs: epochMs,
});

export type SignInTicket = Readonly<z.infer<typeof signIn>>;
export type SessionTicket = Readonly<z.infer<typeof session>>;

/** `undefined` for any other text. */
export const readSignInTicket = (body: string): SignInTicket | undefined =>
  signIn.safeParse(jsonOf(body)).data;
export const readSessionTicket = (body: string): SessionTicket | undefined =>
  session.safeParse(jsonOf(body)).data;

/** Clocks of instances that keep time differ by less. */
const TOLERANCE_MS = 60_000;

const isWithin = (sinceEpochMs: number, mostMs: number, nowEpochMs: number): boolean =>
  nowEpochMs - sinceEpochMs < mostMs && sinceEpochMs - nowEpochMs <= TOLERANCE_MS;

/** Whether a session is one no more, or none that began yet: a record from the future would never end. */
export const isEnded = ({ createdEpochMs, usedEpochMs }: SessionTicket, nowEpochMs: number): boolean =>
  !isWithin(createdEpochMs, ABSOLUTE_MS, nowEpochMs) || !isWithin(usedEpochMs, IDLE_MS, nowEpochMs);
