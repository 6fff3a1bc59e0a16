import * as z from 'zod/mini';
import { isInstant } from '../../kernel/instant.ts';
import type { RecordFormat } from '../../stores/rules/recordText.ts';

const text = z.string();
const instant = z.number().check(z.refine(isInstant));

const idlePhase = z.object({
  state: z.literal('idle'),
  /** No new secret is made before this; absent: whenever one is due. */
  notBeforeEpochMs: z.optional(instant),
  /** The last attempt, where it was given up and its secret was not seen to reach the vault. Absent: there is none such. */
  abandoned: z.optional(text),
  /** Since when the sign-in logs have not answered who uses an old secret; absent: they did, or were not asked. */
  unansweredSinceEpochMs: z.optional(instant),
});

const intentPhase = z.object({ state: z.literal('intent'), attemptId: text, startedEpochMs: instant });

const sealedPhase = z.object({
  state: z.literal('sealed'),
  attemptId: text,
  /** Of the new secret at the directory. */
  keyId: text,
  envelope: text,
  addedEpochMs: instant,
  endEpochMs: instant,
  /** The version of the vault secret that the new one replaces; absent: there was none. */
  baseVersion: z.optional(text),
  /** Proofs since the last refusal. */
  proofs: z.int().check(z.nonnegative()),
  provenEpochMs: z.optional(instant),
  /** When its first write to the vault began: from then on one may be under way. */
  storingEpochMs: z.optional(instant),
});

const rotationRecord = z.object({
  schema: z.literal(1),
  rotationId: text,
  /** Nothing is to be done before this. */
  nextEpochMs: instant,
  /** What was stored last, and a digest of its value: a tag may be copied, or lost. Absent: nothing yet. */
  stored: z.optional(z.object({ digest: text, keyId: text })),
  phase: z.discriminatedUnion('state', [idlePhase, intentPhase, sealedPhase]),
});

type Frozen<T> = { readonly [Member in keyof T]: T[Member] };

/** Nothing is under way: what the vault and the directory say is the truth. */
export type IdlePhase = Frozen<z.infer<typeof idlePhase>>;
/** A secret may be made at any moment, or was, and its value is lost. */
export type IntentPhase = Frozen<z.infer<typeof intentPhase>>;
/** A new secret was made and is kept here, sealed, until it is proven and in the vault. */
export type SealedPhase = Frozen<z.infer<typeof sealedPhase>>;
export type RotationPhase = IdlePhase | IntentPhase | SealedPhase;

/** How far the rotation of one application got. Holds no secret, except sealed. Instants are by the store's clock. */
export interface RotationRecord {
  readonly schema: 1;
  readonly rotationId: string;
  readonly nextEpochMs: number;
  readonly stored?: { readonly digest: string; readonly keyId: string } | undefined;
  readonly phase: RotationPhase;
}

export const ROTATION_RECORD: RecordFormat<RotationRecord> = {
  isRecord: (value): value is RotationRecord => rotationRecord.safeParse(value).success,
  idOf: ({ rotationId }) => rotationId,
};

export const newRotationRecord = (rotationId: string): RotationRecord => ({
  schema: 1,
  rotationId,
  nextEpochMs: 0,
  phase: { state: 'idle' },
});
