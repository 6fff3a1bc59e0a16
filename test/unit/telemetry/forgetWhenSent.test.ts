import { describe, expect, it } from 'vitest';
import { forgettingWhenSent } from '../../../src/lib/telemetry/forgetWhenSent.ts';

/** Telemetry whose flush ends in time or not, as told. */
const telemetryThat = () => {
  const state = { finished: true };
  return { state, flush: async () => ({ finished: state.finished, undeliveredBatches: 0 }) };
};

describe('the values of an attempt', () => {
  it('are forgotten when what was reported has been sent', async () => {
    const forgotten: string[] = [];
    await forgettingWhenSent(telemetryThat())(() => forgotten.push('a'));
    expect(forgotten).toEqual(['a']);
  });

  it('are kept while it could not be sent, and forgotten with those of the next that could', async () => {
    const telemetry = telemetryThat();
    const forgetWhenSent = forgettingWhenSent(telemetry);
    const forgotten: string[] = [];
    telemetry.state.finished = false;
    await forgetWhenSent(() => forgotten.push('a'));
    await forgetWhenSent(() => forgotten.push('b'));
    expect(forgotten).toEqual([]);
    telemetry.state.finished = true;
    await forgetWhenSent(() => forgotten.push('c'));
    expect(forgotten).toEqual(['a', 'b', 'c']);
    await forgetWhenSent(() => forgotten.push('d'));
    expect(forgotten).toEqual(['a', 'b', 'c', 'd']);
  });

  it('do not pile up without end', async () => {
    const telemetry = telemetryThat();
    telemetry.state.finished = false;
    const forgetWhenSent = forgettingWhenSent(telemetry);
    const forgotten: number[] = [];
    for (let attempt = 0; attempt < 203; attempt++) await forgetWhenSent(() => forgotten.push(attempt));
    expect(forgotten).toEqual([0, 1, 2]);
  });
});
