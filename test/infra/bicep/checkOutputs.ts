import type { BicepFile, Fault } from './model.ts';
import { type Project, resolvePath } from './project.ts';
import { rootExpressions, walk } from './walk.ts';

/** Every output of a module is read by some file that uses the module: what nobody reads is deleted. */
export const checkOutputs = (project: Project): Fault[] => {
  const read = new Set<string>();
  const used = new Set<string>();
  for (const file of project.files)
    for (const module of file.modules) {
      const path = resolvePath(file.path, module.path);
      used.add(path);
      for (const output of outputsRead(file, module.name)) read.add(`${path} ${output}`);
    }
  return project.files
    .filter(({ path }) => used.has(path))
    .flatMap(({ path, outputs }) =>
      outputs
        .filter(({ name }) => !read.has(`${path} ${name}`))
        .map(({ name, line }) => ({
          path,
          line,
          check: 'symbol',
          message: `the output '${name}' is never read`,
        })),
    );
};

const outputsRead = (file: BicepFile, module: string): string[] => {
  const found: string[] = [];
  for (const root of rootExpressions(file))
    walk(root, (expression) => {
      if (expression.kind !== 'member' || expression.object.kind !== 'member') return;
      if (expression.object.property !== 'outputs') return;
      let target = expression.object.object;
      while (target.kind === 'index' || target.kind === 'notNull')
        target = target.kind === 'index' ? target.object : target.value;
      if (target.kind === 'name' && target.name === module) found.push(expression.property);
    });
  return found;
};
