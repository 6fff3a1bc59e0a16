import { SCENARIOS, type Scenario } from './scenarios.ts';
import { CONSENT_SCENARIOS } from './scenariosOfConsents.ts';
import { DISORDER_SCENARIOS } from './scenariosOfDisorder.ts';
import { GRANT_SCENARIOS } from './scenariosOfGrants.ts';
import { GRANT_AND_CALL_SCENARIOS } from './scenariosOfGrantsAndCalls.ts';
import { RUN_SCENARIOS } from './scenariosOfRuns.ts';
import { SILENCE_SCENARIOS } from './scenariosOfSilence.ts';
import { TARGET_SCENARIOS } from './scenariosOfTargets.ts';

/** Every scenario that the alert rules are proven on. */
export const ALL_SCENARIOS: readonly Scenario[] = [
  ...SCENARIOS,
  ...RUN_SCENARIOS,
  ...SILENCE_SCENARIOS,
  ...GRANT_SCENARIOS,
  ...GRANT_AND_CALL_SCENARIOS,
  ...TARGET_SCENARIOS,
  ...DISORDER_SCENARIOS,
  ...CONSENT_SCENARIOS,
];
