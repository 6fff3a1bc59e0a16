import { isRecord as isObject } from '../../kernel/isRecord.ts';
import { jsonOf } from '../../kernel/json.ts';
import { findEnvelopes } from './sealedEnvelope.ts';

/** What makes a text a record of one kind. */
export interface RecordFormat<R> {
  /** Whether a parsed value has every member, of the right type. */
  readonly isRecord: (value: unknown) => value is R;
  /** The id under which a record is kept. */
  readonly idOf: (record: R) => string;
}

/**
 * What a control blob turned out to be. Only `record` may be overwritten. The others are moved aside
 * first, with the sealed envelopes that they may hold.
 */
export type RecordReading<R> =
  | { readonly kind: 'none' }
  | { readonly kind: 'record'; readonly record: R }
  | {
      readonly kind: 'unreadable';
      /**
       * `corrupt`: not JSON, or not this shape. `newer`: written by a later version of this program.
       * `edited`: this shape, but its checksum says that somebody changed it.
       * `misplaced`: the record of another id.
       */
      readonly why: 'corrupt' | 'newer' | 'edited' | 'misplaced';
      /** Every envelope found anywhere in it, in order. */
      readonly envelopes: readonly string[];
    };

/** A one-way digest of a text; the caller brings it because the domain computes nothing cryptographic. */
export type Digest = (text: string) => string;

/** The text of a control blob: the record and a checksum, so that an edit by hand is noticed. */
export const writeRecord = (record: unknown, digest: Digest): string =>
  JSON.stringify({ check: digest(JSON.stringify(record)), record }, undefined, 1);

/** Reads a control blob. Never throws, whatever it holds. */
export const readRecord = <R>(
  body: string | undefined,
  id: string,
  { isRecord, idOf }: RecordFormat<R>,
  digest: Digest,
): RecordReading<R> => {
  if (body === undefined || body.trim() === '') return { kind: 'none' };
  const unreadable = (why: 'corrupt' | 'newer' | 'edited' | 'misplaced'): RecordReading<R> => ({
    kind: 'unreadable',
    why,
    envelopes: findEnvelopes(body),
  });
  const outer = jsonOf(body);
  if (!isObject(outer) || !isObject(outer['record'])) return unreadable('corrupt');
  const { schema } = outer['record'];
  if (typeof schema === 'number' && schema > 1) return unreadable('newer');
  const record: unknown = outer['record'];
  if (!isRecord(record)) return unreadable('corrupt');
  if (outer['check'] !== digest(JSON.stringify(record))) return unreadable('edited');
  return idOf(record) === id ? { kind: 'record', record } : unreadable('misplaced');
};
