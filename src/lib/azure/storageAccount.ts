/** Name of the storage account behind an address of one of its services; a stand-in has it in its path. */
const accountOf = (serviceUrl: string): string => {
  const { hostname, pathname } = new URL(serviceUrl);
  const [, account = hostname.split('.')[0] ?? ''] = /^\/([^/]+)/.exec(pathname) ?? [];
  // The readable copy in the paired region is the same account.
  return account.replace(/-secondary$/, '');
};

/** Whether two addresses lead to one storage account, and so fail together. */
export const isSameAccount = (one: string, other: string): boolean => accountOf(one) === accountOf(other);
