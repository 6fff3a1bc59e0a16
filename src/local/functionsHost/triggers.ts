import type { Binding } from './coreTypes.ts';
import type { RegisteredFunction } from './functionApp.ts';

export type TriggerType = 'timerTrigger' | 'queueTrigger' | 'httpTrigger' | 'eventGridTrigger';

const TRIGGER_TYPES: readonly string[] = ['timerTrigger', 'queueTrigger', 'httpTrigger', 'eventGridTrigger'];
const OUTPUT_TYPES: readonly string[] = ['queue', 'http'];

/** The one binding that starts a function, with the name under which its data is handed in. */
export const triggerOf = ({
  metadata,
}: RegisteredFunction): { readonly name: string; readonly binding: Binding } => {
  const [found] = Object.entries(metadata.bindings).filter(([, { type }]) => /trigger$/i.test(type));
  if (found === undefined) throw new Error(`function ${metadata.name} has no trigger`);
  return { name: found[0], binding: found[1] };
};

/** Those functions that a trigger of one type starts. */
export const functionsOf = (
  functions: readonly RegisteredFunction[],
  type: TriggerType,
): readonly RegisteredFunction[] => functions.filter((fn) => triggerOf(fn).binding.type === type);

/**
 * Refuses in words what this host cannot run, instead of letting it lie idle.
 * @throws Error naming each function and what it asks for.
 */
export const refuseWhatCannotRun = (functions: readonly RegisteredFunction[]): void => {
  const faults = functions.flatMap((fn) => {
    const { name, bindings, retryOptions } = fn.metadata;
    const { type } = triggerOf(fn).binding;
    return [
      ...(TRIGGER_TYPES.includes(type) ? [] : [`${name} is started by a ${type}`]),
      ...(retryOptions === undefined || retryOptions === null ? [] : [`${name} has a retry policy`]),
      ...Object.entries(bindings)
        .filter(([, binding]) => binding.direction === 'in' && !/trigger$/i.test(binding.type))
        .map(([, binding]) => `${name} has an input binding of type ${binding.type}`),
      ...Object.entries(bindings)
        .filter(([, binding]) => binding.direction === 'out' && !OUTPUT_TYPES.includes(binding.type))
        .map(([, binding]) => `${name} has an output binding of type ${binding.type}`),
    ];
  });
  if (faults.length === 0) return;
  throw new Error(
    `the local host runs timers, storage queues, HTTP and Event Grid with queue outputs only: ${faults.join('; ')}`,
  );
};
