import type { Binding } from './coreTypes.ts';
import type { RegisteredFunction } from './functionApp.ts';

export type TriggerType = 'timerTrigger' | 'queueTrigger' | 'httpTrigger' | 'eventGridTrigger';

const TRIGGER_TYPES: readonly string[] = ['timerTrigger', 'queueTrigger', 'httpTrigger', 'eventGridTrigger'];

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
 * Refuses in words what this host cannot start, instead of letting it lie idle.
 * @throws Error naming each function and its trigger.
 */
export const refuseWhatCannotRun = (functions: readonly RegisteredFunction[]): void => {
  const faults = functions.flatMap((fn) => {
    const { type } = triggerOf(fn).binding;
    return TRIGGER_TYPES.includes(type) ? [] : [`${fn.metadata.name} is started by a ${type}`];
  });
  if (faults.length > 0)
    throw new Error(
      `the local host runs timers, storage queues, HTTP and Event Grid only: ${faults.join('; ')}`,
    );
};
