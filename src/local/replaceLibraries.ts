import Module from 'node:module';

/** Has whoever resolves libraries as `asker` does find these exports where it asks for one of them by its name. */
export const replaceLibraries = (
  asker: NodeJS.Require,
  exportsByName: Readonly<Record<string, object>>,
): void => {
  for (const [name, exports] of Object.entries(exportsByName)) {
    const path = asker.resolve(name);
    asker.cache[path] = Object.assign(new Module(path), { exports, loaded: true });
  }
};
