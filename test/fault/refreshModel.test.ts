import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/lib/kernel/time.ts';
import { runHealthy } from '../fakes/refresh/healthyRuns.ts';
import {
  copyOf,
  type RefreshWorld,
  refreshWorld,
  sealedWorld,
  storedTokenWorks,
} from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import { failRequests } from '../fakes/refresh/worldEvents.ts';
import { oncePerState } from '../fakes/refresh/worldState.ts';
import {
  type Cell,
  CLASSES,
  type ClassName,
  FAULTS,
  type Fault,
  type LossCause,
  recovered,
  runCell,
  tagsOf,
} from './crashTable.ts';
import { withCrashTable } from './crashTableText.ts';
import { untilDueAgain } from './tokenPlaces.ts';
import { UNAVOIDABLE } from './unavoidable.ts';
import { ACTORS, type ActorName, runWorldCell } from './worldTable.ts';

const cells = new Map<string, Cell>();

const claim = (name: string): { readonly promise: string; readonly allowed: readonly LossCause[] } => {
  const allowed = [...(UNAVOIDABLE[name] ?? [])].sort();
  return {
    allowed,
    promise: allowed.length === 0 ? 'never loses the grant' : `loses it only by: ${allowed.join('; ')}`,
  };
};

const check = (name: string, cell: Cell, fewestRuns: number): void => {
  cells.set(name, cell);
  expect(cell.runs).toBeGreaterThan(fewestRuns);
  expect([...new Set(cell.losses.map(({ cause }) => cause))].sort()).toEqual(claim(name).allowed);
  expect(
    cell.losses.filter(({ told }) => !told),
    'every loss is reported',
  ).toEqual([]);
};

describe('one worker, ended after every call', () => {
  for (const className of Object.keys(CLASSES) as ClassName[]) {
    const recover = oncePerState(recovered);
    const tags = tagsOf(className);
    for (const fault of FAULTS as readonly Fault[]) {
      const name = `${className} / ${fault}`;
      it(`${name}: ${claim(name).promise}`, { tags }, async () => {
        check(name, await runCell(className, fault, { recover }), 20);
      });
    }
    for (const actor of Object.keys(ACTORS) as ActorName[]) {
      const name = `${className} / ${actor}`;
      it(`${name}, before every call: ${claim(name).promise}`, { tags }, async () => {
        check(name, await runWorldCell(className, actor), 10);
      });
    }
  }

  for (const fault of ['answer too late', 'both down'] as const)
    it(`goes on alike from states that are alike, so that each is lived once (${fault})`, {
      tags: fault === 'both down' ? ['exhaustive'] : [],
    }, async () => {
      const everyEnd = await runCell('strict', fault, { recover: recovered });
      expect(cells.get(`strict / ${fault}`)).toEqual(everyEnd);
    });

  it('is what docs/refresh-protocol.md says', { tags: ['exhaustive'] }, () => {
    const path = join(import.meta.dirname, '../../docs/refresh-protocol.md');
    const page = readFileSync(path, 'utf8');
    const expected = withCrashTable(page, cells);
    // Written by `npm run docs:crash-table`.
    if (process.env['WRITE_CRASH_TABLE'] === '1') writeFileSync(path, expected);
    else expect(page).toBe(expected);
  });
});

describe('runs that are left out', () => {
  const cases = [
    ...(Object.keys(CLASSES) as ClassName[]).map((className) => [className, 'is dead'] as const),
    ...(['request_lost', 'answer_lost'] as const).map((fault) => ['strict', fault] as const),
  ];
  for (const begin of [refreshWorld, sealedWorld])
    it.each(cases)(
      `change nothing (%s, %s, ${begin.name})`,
      {
        tags: begin === refreshWorld ? [] : ['exhaustive'],
      },
      async (className, happens) => {
        const few = begin(CLASSES[className]);
        await untilDueAgain(few);
        await untilDueAgain(few);
        if (happens === 'is dead') few.server.consent();
        else failRequests(few, happens, 99);
        await runSolo(few);
        const every = copyOf(few);
        await runHealthy(few, 60 * HOUR_MS);
        await runHealthy(every, 60 * HOUR_MS, true);
        const seen = ({ server, vault, telemetry }: RefreshWorld) => [
          server.state,
          vault.versions.map(({ value, enabled, tags }) => [value, enabled, tags['keywatch-state']]),
          telemetry.failures.map(({ code }) => code),
        ];
        expect([storedTokenWorks(few), ...seen(few)]).toEqual([storedTokenWorks(every), ...seen(every)]);
        expect(few.control.leases).toBeLessThan(every.control.leases);
      },
    );
});
