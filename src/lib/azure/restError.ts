import type { RestError } from '@azure/core-rest-pipeline';

/** The SDK's own error, told by its name: its type guard would load the whole HTTP pipeline. */
export const asRestError = (error: unknown): RestError | undefined =>
  error instanceof Error && error.name === 'RestError' ? (error as RestError) : undefined;
