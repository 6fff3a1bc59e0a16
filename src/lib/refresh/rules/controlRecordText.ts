import {
  type Digest,
  type RecordFormat,
  type RecordReading,
  readRecord,
  writeRecord,
} from '../../stores/rules/recordText.ts';
import { type ControlRecord, isControlRecord } from './controlRecord.ts';

/** What the control blob of a grant turned out to be. */
export type ControlReading = RecordReading<ControlRecord>;

export const CONTROL_RECORD: RecordFormat<ControlRecord> = {
  isRecord: isControlRecord,
  idOf: ({ grantId }) => grantId,
};

export const writeControlRecord = (record: ControlRecord, digest: Digest): string =>
  writeRecord(record, digest);

export const readControlRecord = (
  body: string | undefined,
  grantId: string,
  digest: Digest,
): ControlReading => readRecord(body, grantId, CONTROL_RECORD, digest);
