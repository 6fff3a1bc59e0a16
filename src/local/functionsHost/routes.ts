import type { RegisteredFunction } from './functionApp.ts';
import { triggerOf } from './triggers.ts';

/** One HTTP function and the requests it answers. */
export interface Route {
  readonly fn: RegisteredFunction;
  /** Upper case. */
  readonly methods: readonly string[];
  /** As people read it: `/api/grants/{id?}`. */
  readonly template: string;
  /** The values of its parameters, or `undefined` when the path is another's. */
  match(path: string): Record<string, string> | undefined;
}

type Segment =
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'parameter'; readonly name: string; readonly optional: boolean }
  | { readonly type: 'rest'; readonly name: string };

const RANK = { literal: 0, parameter: 1, rest: 2 } as const;

/**
 * The routes of all HTTP functions, most particular first: a literal segment beats a parameter.
 * @throws Error when a route asks for what this host does not know (a constraint such as `{id:int}`).
 */
export const createRoutes = (functions: readonly RegisteredFunction[], routePrefix: string): Route[] =>
  functions
    .map((fn) => {
      const { binding } = triggerOf(fn);
      const route = typeof binding['route'] === 'string' ? binding['route'] : fn.metadata.name;
      const template = [routePrefix, route].filter((part) => part !== '').join('/');
      return { fn, template, segments: template.split('/').filter(Boolean).map(readSegment) };
    })
    .sort((a, b) => compare(a.segments, b.segments))
    .map(({ fn, template, segments }) => ({
      fn,
      template: `/${template}`,
      methods: methodsOf(fn),
      match: (path) => match(segments, path),
    }));

const methodsOf = (fn: RegisteredFunction): string[] => {
  const methods = triggerOf(fn).binding['methods'];
  return Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : [];
};

const readSegment = (text: string): Segment => {
  const parameter = /^\{(\*?)([A-Za-z_]\w*)(\??)\}$/.exec(text);
  if (parameter === null) {
    if (/[{}]/.test(text)) throw new Error(`the local host does not know the route segment ${text}`);
    return { type: 'literal', text: text.toLowerCase() };
  }
  const [, star, name = '', question] = parameter;
  return star === '*' ? { type: 'rest', name } : { type: 'parameter', name, optional: question === '?' };
};

const compare = (a: readonly Segment[], b: readonly Segment[]): number => {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    const difference = (left ? RANK[left.type] : -1) - (right ? RANK[right.type] : -1);
    if (difference !== 0) return difference;
  }
  return 0;
};

const match = (segments: readonly Segment[], path: string): Record<string, string> | undefined => {
  const parts = path.split('/').filter(Boolean);
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = decode(parts[index]);
    if (segment.type === 'rest') {
      params[segment.name] = parts.slice(index).map(decode).join('/');
      return params;
    }
    if (segment.type === 'literal') {
      if (part?.toLowerCase() !== segment.text) return undefined;
    } else if (part !== undefined) params[segment.name] = part;
    else if (!segment.optional) return undefined;
  }
  return parts.length <= segments.length ? params : undefined;
};

const decode = (part: string | undefined): string | undefined => {
  if (part === undefined) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
