import { setTimeout as delay } from 'node:timers/promises';
import { type AzureServices, startAzure } from '../fakes/startAzure.ts';
import { answer, inputOf } from './childProcess.ts';

/** What a deployed app asks at its start, each answer after a while. */
export interface AzureInput {
  readonly latencyMs: number;
  readonly vaultUrl: string;
}

const { latencyMs, vaultUrl } = inputOf<AzureInput>();
const { close: _, ...services } = await startAzure({ vaultUrl, mayAnswer: () => delay(latencyMs) });
await answer(services satisfies AzureServices);
