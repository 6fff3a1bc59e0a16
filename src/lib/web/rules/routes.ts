/** Below the prefix of the host, where each function is that is served over HTTP; a name in braces is a parameter. */
export const ROUTES = {
  board: 'board',
  boardCalendar: 'board/calendar',
  boardFindings: 'board/findings',
  boardItem: 'board/item',
  boardOwners: 'board/owners',
  calendar: 'calendar/{owner}',
  grantToken: 'grants/{id}/token',
  health: 'health',
  metrics: 'metrics',
  reconnect: 'grants/{id}/reconnect',
  reconnectCallback: 'reconnect/callback/{provider}',
  reconnectConfirm: 'reconnect/confirm',
  signIn: 'sign-in',
  signInCallback: 'sign-in/callback',
  signOut: 'sign-out',
  status: 'status',
  whoami: 'whoami',
} as const;

type Routes = typeof ROUTES;
type ValuesOf<Route extends string> = Route extends `${string}{${infer Name}}${string}`
  ? [values: Readonly<Record<Name, string>>]
  : [];

/** The path of a route, as a browser asks for it. @param given what stands for its parameter, where it has one */
export const pathOf = <R extends keyof Routes>(route: R, ...given: ValuesOf<Routes[R]>): string => {
  const [values = {}]: readonly Readonly<Record<string, string>>[] = given;
  return `/api/${ROUTES[route].replace(/\{(\w+)\}/, (_, name) => encodeURIComponent(values[name] ?? ''))}`;
};
