import { once } from '../kernel/once.ts';

type Port<T> = { readonly [K in keyof T]: (...given: never[]) => Promise<unknown> };

/**
 * A port whose adapter is opened at its first call, so that an invocation loads the SDKs of what it uses and no other.
 * @param methods every method of the port
 */
export const openedOnUse = <T extends Port<T>>(
  methods: Readonly<Record<keyof T, true>>,
  open: () => Promise<T>,
): T => {
  const opened = once(open);
  const names = Object.keys(methods) as (keyof T)[];
  const forward =
    (name: keyof T) =>
    async (...given: never[]) =>
      (await opened())[name](...given);
  return Object.fromEntries(names.map((name) => [name, forward(name)])) as T;
};
