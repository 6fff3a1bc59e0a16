/** The id of a grant as `--grant` gives it: bare, or as alerts and tables of credentials name it, `grant/ID`. */
export const grantOption = (given: string | undefined): string | undefined => given?.replace(/^grant\//, '');
