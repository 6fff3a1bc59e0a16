import { callerEvents } from './callerEvents.ts';
import type { AttributeDefinition } from './catalog.ts';
import { clientEvents } from './clientEvents.ts';
import { grantEvents } from './grantEvents.ts';
import { scanEvents } from './scanEvents.ts';

interface EventDefinition {
  readonly meaning: string;
  readonly attributes: Readonly<Record<string, AttributeDefinition>>;
}

/** Every custom event (`AppEvents`). Attribute values arrive in KQL as strings in `Properties`. */
export const events = {
  ...scanEvents,
  ...grantEvents,
  ...clientEvents,
  ...callerEvents,
} as const satisfies Readonly<Record<string, EventDefinition>>;
