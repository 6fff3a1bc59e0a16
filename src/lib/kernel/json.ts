import { isRecord } from './isRecord.ts';

/** What a JSON text says; undefined: it is none. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The object in a JSON text; undefined: it is none. Of two members of one name the later counts. */
export const jsonObjectOf = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const value = jsonOf(text);
  return isRecord(value) ? value : undefined;
};
