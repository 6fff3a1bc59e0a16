import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { alertRules } from '../../src/lib/alerts/alertRules.ts';
import { evaluateAlerts } from '../../src/lib/alerts/evaluateAlerts.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { ALL_SCENARIOS } from '../infra/allScenarios.ts';
import { NOW } from '../infra/scenario.ts';
import { median, type Report } from './figures.ts';

const ROOT = join(import.meta.dirname, '../..');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
const GATE = ['alertRules', 'scenarios', 'workbook'];
const RUNS = 3;
const EVALUATIONS = 20;
const GOAL_SECONDS = 20;

/** What a person waits for: parse, bind, lint and run every rule and panel, over every scenario. */
export const measureAlertGate = async (note: (line: string) => void): Promise<Report> => {
  const seconds: number[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    seconds.push(await runGate());
    note(`gate ${run} of ${RUNS}: ${seconds.at(-1)?.toFixed(1)} s`);
  }
  const { firstMs, nextMs } = await evaluate();
  const reached = median(seconds);
  return {
    title: `The alert gate; medians of ${RUNS} runs`,
    figures: [
      {
        what: `whole gate, tests and their start included (${alertRules.length} rules, ${ALL_SCENARIOS.length} scenarios, the workbook)`,
        value: `${reached.toFixed(1)} s`,
        goal: { atMost: GOAL_SECONDS, reached, unit: 's' },
      },
      {
        what: 'all rules once, in a new process (load, parse, bind, plan, run)',
        value: `${firstMs.toFixed(0)} ms`,
      },
      { what: `all rules again (median of ${EVALUATIONS})`, value: `${nextMs.toFixed(0)} ms` },
    ],
  };
};

const runGate = async (): Promise<number> => {
  const startedMs = performance.now();
  const files = GATE.map((name) => `test/infra/${name}.test.ts`);
  const gate = spawn(process.execPath, [VITEST, 'run', '--project', 'fast', ...files], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  const [code] = await once(gate, 'close');
  if (code !== 0) throw new Error('the gate is not green: there is nothing to measure');
  return (performance.now() - startedMs) / 1000;
};

const evaluate = async (): Promise<{ firstMs: number; nextMs: number }> => {
  const startedMs = performance.now();
  const store = await telemetryStore();
  await evaluateAlerts(store, NOW);
  const firstMs = performance.now() - startedMs;
  const next: number[] = [];
  for (let time = 0; time < EVALUATIONS; time += 1) {
    const againMs = performance.now();
    await evaluateAlerts(store, NOW);
    next.push(performance.now() - againMs);
  }
  await store.close();
  return { firstMs, nextMs: median(next) };
};
