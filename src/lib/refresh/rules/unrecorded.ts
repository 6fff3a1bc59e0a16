import type { ControlRecord } from './controlRecord.ts';

/**
 * The record for a token of ours that it does not know yet. What its own attempt brought is of the consent that it
 * speaks of; any other may be that of a new consent, which could not say so, of another account perhaps.
 */
export const recordForUnrecorded = (record: ControlRecord, seq: number): ControlRecord =>
  record.phase.state === 'intent' && record.phase.nextSeq === seq
    ? record
    : { ...record, account: undefined, accessToken: undefined };
