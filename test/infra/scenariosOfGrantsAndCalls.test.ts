import { proveScenarios } from './proveScenarios.ts';
import { GRANT_AND_CALL_SCENARIOS } from './scenariosOfGrantsAndCalls.ts';

proveScenarios(GRANT_AND_CALL_SCENARIOS);
