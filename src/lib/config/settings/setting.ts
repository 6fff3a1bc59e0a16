import * as z from 'zod/mini';
import { type Parsed, parsedBy } from '../parsedBy.ts';

/** What people are told of one app setting. */
export interface SettingAbout {
  readonly meaning: string;
  readonly allowed: string;
  /** Text that stands when the setting is absent or empty; absent: none. */
  readonly defaultText?: string;
  /** A harmless value for the sample file; the default when absent. */
  readonly sample?: string;
}

interface SettingRow<T> extends SettingAbout {
  /** Returns the value, or `undefined` when the text is not allowed. */
  readonly read: (text: string) => T | undefined;
}

const ABOUT = z.registry<SettingAbout>();

/** One app setting, with a default or without. */
export function setting<T>(
  row: SettingRow<T> & { readonly defaultText: string },
): z.ZodMiniPrefault<Parsed<T>>;
export function setting<T>(row: SettingRow<T>): z.ZodMiniOptional<Parsed<T>>;
export function setting<T>({ read, ...about }: SettingRow<T>) {
  const type = parsedBy(z.string(), (text) => {
    const value = read(text);
    return value === undefined ? { ok: false, allowed: about.allowed } : { ok: true, value };
  });
  const { defaultText } = about;
  return (defaultText === undefined ? z.optional(type) : z.prefault(type, defaultText)).register(
    ABOUT,
    about,
  );
}

/** What people are told of a setting, all of it; `''` where nothing is. */
export const aboutOf = (type: z.core.$ZodType): Required<SettingAbout> => {
  const { meaning = '', allowed = '', defaultText = '', sample = defaultText } = ABOUT.get(type) ?? {};
  return { meaning, allowed, defaultText, sample };
};
