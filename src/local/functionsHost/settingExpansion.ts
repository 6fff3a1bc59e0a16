import type { Binding } from './coreTypes.ts';
import type { RegisteredFunction } from './functionApp.ts';

/** App settings by name, as the host's environment holds them. */
export type HostSettings = Readonly<Record<string, string | undefined>>;

/** Fields that name the binding itself: never a setting. */
const LITERAL = new Set(['name', 'type', 'direction']);

/**
 * Replaces every `%SETTING%` in the bindings of all functions.
 * @throws Error naming each function and each setting that is absent or empty.
 */
export const expandFunctions = (
  functions: readonly RegisteredFunction[],
  settings: HostSettings,
): RegisteredFunction[] => {
  const faults: string[] = [];
  const expanded = functions.map(({ metadata, callback }) => ({
    callback,
    metadata: {
      ...metadata,
      bindings: Object.fromEntries(
        Object.entries(metadata.bindings).map(([name, binding]) => [
          name,
          expandBinding(binding, settings, (setting) =>
            faults.push(`${metadata.name}: %${setting}% does not resolve to a value`),
          ),
        ]),
      ),
    },
  }));
  if (faults.length > 0) throw new Error(faults.join('; '));
  return expanded;
};

const expandBinding = (
  binding: Binding,
  settings: HostSettings,
  missing: (setting: string) => void,
): Binding => {
  const expand = (text: string) =>
    text.replaceAll(/%([A-Za-z_][\w:.-]*)%/g, (_, setting: string) => {
      const value = settings[setting];
      if (value === undefined || value === '') missing(setting);
      return value ?? '';
    });
  const fields = Object.entries(binding).map(([field, value]) => [
    field,
    typeof value === 'string' && !LITERAL.has(field) ? expand(value) : value,
  ]);
  return Object.fromEntries(fields) as Binding;
};
