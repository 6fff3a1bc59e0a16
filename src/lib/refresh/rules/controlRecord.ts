import * as z from 'zod/mini';
import { isInstant } from '../../kernel/instant.ts';

const text = z.string();
const texts = z.array(text);
const flag = z.boolean();
const count = z.int().check(z.nonnegative());
const instant = z.number().check(z.refine(isInstant));

/** May be absent in the text of a record, and is named by whoever makes one, so that no step forgets it. */
const orNone = <T>(schema: z.ZodMiniType<T>) => z.optional(schema) as unknown as z.ZodMiniType<T | undefined>;

const failures = z.object({
  consecutive: count,
  /** Distinct days (UTC) with a failure: an outage of one day counts once, however often it was tried. */
  days: count,
  /** The last day counted, as `2026-11-22`. */
  lastDay: orNone(text),
  lastCode: orNone(text),
  /** Whether only a person can help with that failure. */
  lastPermanence: z.optional(z.enum(['permanent', 'transient'])),
  /** No attempt before this instant. */
  notBeforeEpochMs: instant,
  /** The same for somebody who waits for an access token; absent: as for the others. */
  waitedForFromEpochMs: z.optional(instant),
  /**
   * As what client and settings were refused: a digest. Empty: the credential could not be opened; absent: they are not
   * at fault.
   */
  clientDigest: z.optional(text),
});

const idlePhase = z.object({ state: z.literal('idle') });

const deadPhase = z.object({
  state: z.literal('dead'),
  sinceEpochMs: instant,
  reason: z.enum(['refused', 'answer_lost']),
  oauthError: orNone(text),
  /** The token that is dead: another one in the vault brings the grant back to life. */
  fingerprint: text,
  /** When it was last sent again without success; absent: never. */
  triedEpochMs: z.optional(instant),
  /** True when a try was asked for and the token was not judged: it is tried again. */
  isAsked: z.optional(flag),
  /** It was reported to people. Written afterwards: better reported twice than never. */
  reported: flag,
});

const tokenRefusal = z.object({ oauthError: orNone(text), httpStatus: count });

const intentPhase = z.object({
  state: z.literal('intent'),
  /** Tells the worker that wrote it that it is still its own. */
  attemptId: text,
  startedAtEpochMs: instant,
  /** Until then whoever wrote it may still be at work: leave it alone. */
  retryFromEpochMs: instant,
  /** Until then the old token may be used again (grace providers); absent: never without waiting. */
  graceUntilEpochMs: orNone(instant),
  /** From then on no live worker can hold the answer any more: one more try with the old token costs nothing. */
  lastResortFromEpochMs: instant,
  /**
   * The sequence number that a new token of this attempt gets; no other attempt ever uses it, so that what turns
   * up late of an attempt with an unknown end is known to be older than what came after it.
   */
  nextSeq: count,
  /** Which token is being spent. Absent: not known (the record was rebuilt). */
  baseFingerprint: orNone(text),
  /** Versions of the vault secret that hold it. */
  baseVersions: texts,
  /** Start of the first attempt with this token whose end is unknown; grace is counted from it. */
  graceAnchorEpochMs: instant,
  /** An earlier attempt with the same token ended unknown. */
  isRetry: flag,
  /** That this attempt's end is unknown was reported. Written afterwards. */
  reported: flag,
  /** The answer, where it was that the token is refused for good. Absent: not known to be so. */
  refusal: z.optional(tokenRefusal),
  /** The death that this attempt asks about once more: it stands unless the server answers with tokens. */
  again: z.optional(deadPhase),
});

const sealedPhase = z.object({
  state: z.literal('sealed'),
  attemptId: text,
  envelope: text,
  seq: count,
  fingerprint: text,
  baseFingerprint: orNone(text),
  baseVersions: texts,
  refreshedAtEpochMs: instant,
  deadlineEpochMs: orNone(instant),
});

const observedRotation = z.object({
  /** The class that the config said, in words. */
  configured: text,
  sinceEpochMs: instant,
});

const keptAccessToken = z.object({
  /** Bound to a name of its own: it opens neither as a refresh token nor for another grant. */
  envelope: text,
  /** The first 16 hex digits of its SHA-256, by which a consumer says which token was refused. */
  digest: text,
  scope: z.optional(text),
  obtainedAtEpochMs: instant,
  expiresAtEpochMs: instant,
  /** Of the attempt that brought it: rises with each token. */
  seq: count,
  /** How many tokens before it, one after the other, were replaced because a consumer reported them refused. */
  refusals: count,
});

const controlRecord = z.object({
  schema: z.literal(1),
  grantId: text,
  /** Which deployment refreshes the grant, as the versions that it writes say too. */
  deployment: z.optional(text),
  /**
   * The versions that the secret had before this deployment first wrote its name on one; absent once it is known
   * that no other deployment did the same at that moment.
   */
  versionsBeforeClaim: z.optional(texts),
  /** Mixed into every fingerprint, so that equal tokens of two grants look different. */
  salt: text,
  /** Of the newest token that is known to be in the vault; 0 before the first refresh. */
  seq: count,
  /** The highest sequence number given to any attempt. */
  reservedSeq: count,
  /** Version and fingerprint of the newest token known to be in the vault. */
  version: orNone(text),
  fingerprint: orNone(text),
  /** Of the token before that one. */
  previousFingerprint: orNone(text),
  /** True when a person replaced that token before it was spent, so that it may still be good. */
  isPreviousUnspent: z.optional(flag),
  /** Of tokens that a refresh replaced or the server refused, newest first: whoever writes one again does not mean it. */
  spentFingerprints: z.optional(texts),
  /** Versions that hold the token before that one; switched off after the next success. */
  previousVersions: texts,
  /** The server rotated against its configured class, so that the grant is treated as strict. */
  observedRotation: z.optional(observedRotation),
  consentedAtEpochMs: orNone(instant),
  /** The end that no refresh moves: by then a person has to consent again. Absent: none is known. */
  consentEndsAtEpochMs: z.optional(instant),
  /** Id of the account that consented, as the provider names it. Absent: not known, as of a token that a person wrote. */
  account: z.optional(text),
  /** When the newest token was issued, which a refresh that keeps the old one does not change. Absent: not known. */
  issuedAtEpochMs: z.optional(instant),
  /** When the newest token was obtained; absent: it was written by someone else and never refreshed. */
  refreshedAtEpochMs: orNone(instant),
  deadlineEpochMs: orNone(instant),
  /** When the vault was last compared with this record. */
  reconciledAtEpochMs: orNone(instant),
  /** The newest access token, sealed, of a grant whose access tokens are handed out; absent: none is kept. */
  accessToken: z.optional(keptAccessToken),
  /** When a refresh last brought none that can be handed on; absent: the last one did. */
  noAccessTokenAtEpochMs: z.optional(instant),
  /** When each deviation of the provider's answers was reported last, by its code; absent: none was. */
  reportedDeviations: z.optional(z.record(text, instant)),
  failures,
  phase: z.discriminatedUnion('state', [idlePhase, intentPhase, sealedPhase, deadPhase]),
});

type Frozen<T> = T extends object ? { readonly [Member in keyof T]: Frozen<T[Member]> } : T;

/** What the last attempts that did not succeed came to; cleared by a success. */
export type RefreshFailures = Frozen<z.infer<typeof failures>>;
/** Nothing is under way. */
export type IdlePhase = Frozen<z.infer<typeof idlePhase>>;
/**
 * A token may be spent at any moment, or is: between this record and the next one a POST is made.
 * Its instants are by the control store's clock.
 */
export type IntentPhase = Frozen<z.infer<typeof intentPhase>>;
/** A new token was received and is kept here, sealed, until the vault has it. */
export type SealedPhase = Frozen<z.infer<typeof sealedPhase>>;
/** The authorization server refuses the token for good; it is not sent again. */
export type DeadPhase = Frozen<z.infer<typeof deadPhase>>;
/**
 * What the authorization server said when it refused a token for good: the token is not sent again, and is
 * called dead once every place was looked at where a newer one can be.
 */
export type TokenRefusal = Frozen<z.infer<typeof tokenRefusal>>;
/** An answer that contradicted the configured class; remembered for as long as the config says that class. */
export type ObservedRotation = Frozen<z.infer<typeof observedRotation>>;
/** An access token as the record keeps it, by the control store's clock. */
export type KeptAccessToken = Frozen<z.infer<typeof keptAccessToken>>;
export type ControlPhase = IdlePhase | IntentPhase | SealedPhase | DeadPhase;
/** What the control blob of a grant says. Holds no token, except sealed. */
export type ControlRecord = Frozen<z.infer<typeof controlRecord>>;

/**
 * Whether a parsed value has every member of a control record, of the right type. It stays as it is: members that
 * this program does not know are kept, and its checksum goes by its own order.
 */
export const isControlRecord = (value: unknown): value is ControlRecord =>
  controlRecord.safeParse(value).success;

export const NO_FAILURES: RefreshFailures = {
  consecutive: 0,
  days: 0,
  lastDay: undefined,
  lastCode: undefined,
  notBeforeEpochMs: 0,
};

/** The record of a grant that was never worked on. */
export const newControlRecord = (grantId: string, salt: string): ControlRecord => ({
  schema: 1,
  grantId,
  salt,
  seq: 0,
  reservedSeq: 0,
  version: undefined,
  fingerprint: undefined,
  previousFingerprint: undefined,
  previousVersions: [],
  consentedAtEpochMs: undefined,
  refreshedAtEpochMs: undefined,
  deadlineEpochMs: undefined,
  reconciledAtEpochMs: undefined,
  failures: NO_FAILURES,
  phase: { state: 'idle' },
});
