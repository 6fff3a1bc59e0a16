import { keysOf, meaningsOf } from '../kernel/keysOf.ts';
import type { AttributeDefinition } from './catalog.ts';

export const text = (meaning: string) => ({ type: 'string', meaning }) as const;

/** Epoch milliseconds here, ISO 8601 on the wire. */
export const instant = (meaning: string) => ({ type: 'instant', meaning }) as const;

export const flag = (meaning: string) => ({ type: 'boolean', meaning }) as const;

export const number = (meaning: string) => ({ type: 'number', meaning }) as const;

/** @param unit as UCUM writes it */
export const quantity = (unit: string, meaning: string) => ({ type: 'number', unit, meaning }) as const;

export const oneOf = <W extends string>(table: Readonly<Record<W, { readonly meaning: string }>>) =>
  ({ type: 'string', values: keysOf(table), meaning: meaningsOf(table) }) as const;

export const oneOfWords = <const W extends readonly string[]>(values: W, meaning: string) =>
  ({ type: 'string', values, meaning }) as const;

export const optional = <const D extends AttributeDefinition>(definition: D) =>
  ({ ...definition, optional: true }) as const;
