import { bundleOf } from './bundles.ts';
import { type Answer, type Call, ok, pathPattern, type Route, type RouteParameters } from './call.ts';
import { listingRoutes, versionOf } from './collectionRoutes.ts';

const get = (call: Call, parameters: RouteParameters): Answer => {
  const { object, found } = versionOf(call, 'certificates', parameters);
  return ok(bundleOf(call.baseUrl, object.name, found));
};

export const certificateRoutes: readonly Route[] = [
  ...listingRoutes('certificates'),
  {
    method: 'GET',
    path: pathPattern('/certificates/:name/:version?'),
    action: 'certificates/read',
    handle: get,
  },
];
