import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/lib/refresh/protocol/fingerprint.ts';
import { readControlRecord } from '../../../../src/lib/refresh/rules/controlRecordText.ts';
import { type RefreshWorld, refreshWorld } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';

const numberOfAttempt = (world: RefreshWorld): number | undefined => {
  const reading = readControlRecord(world.control.body, world.grant.id, digestOf);
  if (reading.kind !== 'record' || reading.record.phase.state !== 'intent') return undefined;
  return reading.record.phase.nextSeq;
};

describe('the sequence number of an attempt', () => {
  it.each(['answer_lost', 'request_lost'] as const)(
    'is never that of an earlier one, whose token may still turn up under it (%s)',
    async (fault) => {
      // An hour of grace: the same token may be sent again while nobody knows what became of the first answer.
      const world = refreshWorld({ kind: 'grace', graceSeconds: 3600 });
      world.network.fault = fault;
      world.network.requestsToFault = 100;
      const numbers: (number | undefined)[] = [];
      for (let attempt = 0; attempt < 3; attempt++) {
        await runSolo(world, { trigger: 'watchdog' });
        numbers.push(numberOfAttempt(world));
        world.elapsedMs += 5 * 60_000;
      }
      expect(numbers).toEqual([2, 3, 4]);
    },
  );
});
