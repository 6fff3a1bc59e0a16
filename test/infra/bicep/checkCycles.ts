import type { BicepFile, Expression, Fault } from './model.ts';
import { type Project, resolvePath } from './project.ts';
import { walk } from './walk.ts';

interface Step {
  line: number;
  to: ReadonlySet<string>;
}

/** BCP079, BCP080, BCP095: nothing is worked out from itself, and no file is a module of itself. */
export const checkCycles = (project: Project): Fault[] => {
  const files = new Map<string, Step>(
    project.files.map(({ path, modules }) => [
      path,
      { line: 1, to: new Set(modules.map((module) => resolvePath(path, module.path))) },
    ]),
  );
  return [
    ...circles(files).map(({ name, line }) => fault(name, line, 'is a module of itself')),
    ...project.files.flatMap((file) =>
      circles(stepsOf(file)).map(({ name, line }) =>
        fault(file.path, line, `${name} is worked out from itself`),
      ),
    ),
  ];
};

const fault = (path: string, line: number, message: string): Fault => ({
  path,
  line,
  check: 'cycle',
  message,
});

const stepsOf = (file: BicepFile): ReadonlyMap<string, Step> => {
  const step = (line: number, ...expressions: (Expression | undefined)[]): Step => {
    const to = new Set<string>();
    for (const expression of expressions)
      if (expression !== undefined)
        walk(expression, (inner, local) => {
          if (inner.kind === 'name' && !local.has(inner.name)) to.add(inner.name);
        });
    return { line, to };
  };
  return new Map([
    ...file.params.map((param) => [param.name, step(param.line, param.default)] as const),
    ...file.variables.map(({ name, line, value }) => [name, step(line, value)] as const),
    ...[...file.resources, ...file.modules].map(
      ({ name, line, loop, condition, body }) => [name, step(line, loop, condition, body)] as const,
    ),
  ]);
};

/** Each name from which a way leads back to it. */
const circles = (steps: ReadonlyMap<string, Step>): { name: string; line: number }[] => {
  const reached = (start: string): Set<string> => {
    const found = new Set<string>();
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
      for (const next of steps.get(at)?.to ?? [])
        if (!found.has(next)) {
          found.add(next);
          waiting.push(next);
        }
    return found;
  };
  return [...steps].filter(([name]) => reached(name).has(name)).map(([name, { line }]) => ({ name, line }));
};
