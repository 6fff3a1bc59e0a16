interface RouteRow {
  /** Below the prefix of the host; a name in braces is a parameter. */
  readonly path: string;
  /** Whom its functions let in: a test asks each of them as all of these. */
  readonly servedTo: 'anybody' | 'readers' | 'reconnecters' | 'tokenTakers';
}

/** Where each function is that is served over HTTP. */
export const ROUTES = {
  board: { path: 'board', servedTo: 'readers' },
  boardCalendar: { path: 'board/calendar', servedTo: 'readers' },
  boardFindings: { path: 'board/findings', servedTo: 'readers' },
  boardItem: { path: 'board/item', servedTo: 'readers' },
  boardOwners: { path: 'board/owners', servedTo: 'readers' },
  calendar: { path: 'calendar/{owner}', servedTo: 'readers' },
  grantToken: { path: 'grants/{id}/token', servedTo: 'tokenTakers' },
  health: { path: 'health', servedTo: 'anybody' },
  metrics: { path: 'metrics', servedTo: 'readers' },
  reconnect: { path: 'grants/{id}/reconnect', servedTo: 'reconnecters' },
  reconnectCallback: { path: 'reconnect/callback/{provider}', servedTo: 'reconnecters' },
  reconnectConfirm: { path: 'reconnect/confirm', servedTo: 'reconnecters' },
  signIn: { path: 'sign-in', servedTo: 'anybody' },
  signInCallback: { path: 'sign-in/callback', servedTo: 'anybody' },
  signOut: { path: 'sign-out', servedTo: 'anybody' },
  status: { path: 'status', servedTo: 'readers' },
  whoami: { path: 'whoami', servedTo: 'anybody' },
} as const satisfies Readonly<Record<string, RouteRow>>;

type Routes = typeof ROUTES;
type ValuesOf<Route extends string> = Route extends `${string}{${infer Name}}${string}`
  ? [values: Readonly<Record<Name, string>>]
  : [];

/** The path of a route, as a browser asks for it. @param given what stands for its parameter, where it has one */
export const pathOf = <R extends keyof Routes>(route: R, ...given: ValuesOf<Routes[R]['path']>): string => {
  const [values = {}]: readonly Readonly<Record<string, string>>[] = given;
  return `/api/${ROUTES[route].path.replace(/\{(\w+)\}/, (_, name) => encodeURIComponent(values[name] ?? ''))}`;
};
