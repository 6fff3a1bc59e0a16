import { isRecord } from '../../kernel/isRecord.ts';
import { jsonOf } from '../../kernel/json.ts';
import { type ControlRecord, isControlRecord } from './controlRecord.ts';
import { findEnvelopes } from './sealedEnvelope.ts';

/**
 * What a control blob turned out to be. Only `record` may be overwritten. The others are moved aside
 * first, with the sealed tokens that they may hold.
 */
export type ControlReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'record'; readonly record: ControlRecord }
  | {
      readonly kind: 'unreadable';
      /**
       * `corrupt`: not JSON, or not this shape. `newer`: written by a later version of this program.
       * `edited`: this shape, but its checksum says that somebody changed it.
       * `misplaced`: the record of another grant.
       */
      readonly why: 'corrupt' | 'newer' | 'edited' | 'misplaced';
      /** Every sealed token found anywhere in it, in order. */
      readonly envelopes: readonly string[];
    };

/** A one-way digest of a text; the caller brings it because the domain computes nothing cryptographic. */
export type Digest = (text: string) => string;

const canonical = (record: ControlRecord): string => JSON.stringify(record);

/** The text of a control blob: the record and a checksum, so that an edit by hand is noticed. */
export const writeControlRecord = (record: ControlRecord, digest: Digest): string =>
  JSON.stringify({ check: digest(canonical(record)), record }, undefined, 1);

/** Reads a control blob. Never throws, whatever it holds. */
export const readControlRecord = (
  body: string | undefined,
  grantId: string,
  digest: Digest,
): ControlReading => {
  if (body === undefined || body.trim() === '') return { kind: 'none' };
  const unreadable = (why: 'corrupt' | 'newer' | 'edited' | 'misplaced'): ControlReading => ({
    kind: 'unreadable',
    why,
    envelopes: findEnvelopes(body),
  });
  const outer = jsonOf(body);
  if (!isRecord(outer) || !isRecord(outer['record'])) return unreadable('corrupt');
  const { schema } = outer['record'];
  if (typeof schema === 'number' && schema > 1) return unreadable('newer');
  const record: unknown = outer['record'];
  if (!isControlRecord(record)) return unreadable('corrupt');
  if (outer['check'] !== digest(canonical(record))) return unreadable('edited');
  return record.grantId === grantId ? { kind: 'record', record } : unreadable('misplaced');
};
