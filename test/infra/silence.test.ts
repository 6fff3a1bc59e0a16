import { expect, it } from 'vitest';
import {
  mostMinutesSilent,
  PROOF_JOB,
  REFRESH_JOB,
  ROTATION_JOB,
  SCHEDULES_MISSED,
} from '../../src/lib/credentials/jobs.ts';
import { textOf } from '../sourceFiles.ts';

it('calls a job silent on the board when the alert does', () => {
  const query = textOf('infra/alerts/scan-missed/condition.kql');
  const said = (name: string) => Number(new RegExp(`let ${name} = ([\\d.]+);`).exec(query)?.[1]);
  expect(SCHEDULES_MISSED).toBe(said('SchedulesMissed'));
  expect(mostMinutesSilent('keyvault-scan')).toBe(said('LeastMinutesOfScan'));
  expect(mostMinutesSilent(REFRESH_JOB)).toBe(said('LeastMinutesOfRefresh'));
  expect(mostMinutesSilent(ROTATION_JOB)).toBe(said('LeastMinutesOfRefresh'));
  expect(mostMinutesSilent(PROOF_JOB)).toBe(said('LeastMinutesOfProof'));
});
