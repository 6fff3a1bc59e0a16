import { BUILT_IN, firstSaying, type Source } from '../scan/rules/sources.ts';
import { describeThreshold, doThresholdsCross } from '../scan/rules/threshold.ts';

export const CROSSING_ALLOWED = 'a critical that is not earlier than the warning';

/** How the thresholds of these sources cross; `undefined` where they do not. */
export const crossingOf = (sources: readonly Source[]): string | undefined => {
  const { warning = BUILT_IN.says.warning } = firstSaying(sources, 'warning').says;
  const { critical = BUILT_IN.says.critical } = firstSaying(sources, 'critical').says;
  return doThresholdsCross({ warning, critical })
    ? `warning ${describeThreshold(warning)} and critical ${describeThreshold(critical)}, which cross`
    : undefined;
};
