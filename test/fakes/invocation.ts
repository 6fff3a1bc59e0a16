import { type FunctionOutput, InvocationContext, type LogLevel, type Timer } from '@azure/functions';

export interface RecordedInvocation {
  readonly context: InvocationContext;
  readonly logs: { level: LogLevel; text: string }[];
  readonly outputs: { output: FunctionOutput; value: unknown }[];
}

/** A context of the library itself that remembers what a function logs and puts out. */
export const invocation = (triggerMetadata: Record<string, unknown> = {}): RecordedInvocation => {
  const logs: RecordedInvocation['logs'] = [];
  const outputs: RecordedInvocation['outputs'] = [];
  const logHandler = (level: LogLevel, ...args: unknown[]) => void logs.push({ level, text: args.join(' ') });
  const context = new InvocationContext({ logHandler, triggerMetadata });
  context.extraOutputs.set = (output: FunctionOutput, value: unknown) => void outputs.push({ output, value });
  return { context, logs, outputs };
};

/** A run of a timer as the host tells of it: when the one before was, and when the next one is. */
export const timerRun = (last: string, next = last): Timer => ({
  isPastDue: false,
  schedule: { adjustForDST: false },
  scheduleStatus: { last, lastUpdated: last, next },
});
