import type { RegisteredFunction } from './functionApp.ts';
import { triggerOf } from './triggers.ts';

/** One HTTP function and the requests it answers. */
export interface Route {
  readonly fn: RegisteredFunction;
  /** Upper case. */
  readonly methods: readonly string[];
  /** As people read it: `/api/grants/{id}`. */
  readonly template: string;
  /** The values of its parameters, or `undefined` when the path is another's. */
  match(path: string): Record<string, string> | undefined;
}

/**
 * The routes of all HTTP functions, those without parameters first.
 * @throws Error when a route asks for what this host does not know: an optional part, a constraint such as `{id:int}`.
 */
export const createRoutes = (functions: readonly RegisteredFunction[], routePrefix: string): Route[] =>
  functions
    .map((fn) => {
      const { route = fn.metadata.name, methods } = triggerOf(fn).binding;
      const template = [routePrefix, String(route)].filter((part) => part !== '').join('/');
      return {
        fn,
        template: `/${template}`,
        methods: Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : [],
        match: matcherOf(template),
      };
    })
    .sort((a, b) => Number(a.template.includes('{')) - Number(b.template.includes('{')));

const matcherOf = (template: string): Route['match'] => {
  const pattern = new RegExp(`^/${template.split('/').map(partOf).join('/')}/?$`, 'i');
  return (path) => {
    const found = pattern.exec(path);
    if (found === null) return undefined;
    const values = Object.entries(found.groups ?? {});
    return Object.fromEntries(values.map(([name, value]) => [name, decode(value)]));
  };
};

const partOf = (part: string): string => {
  const [, name] = /^\{([A-Za-z_]\w*)\}$/.exec(part) ?? [];
  if (name !== undefined) return `(?<${name}>[^/]+)`;
  if (/[{}]/.test(part)) throw new Error(`the local host does not know the route segment ${part}`);
  return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
};

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
