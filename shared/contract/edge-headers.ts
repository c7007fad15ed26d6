/** Headers that the edge distribution adds to a request for the functions. Clients neither send nor receive them. */

/** Proves that a request came through the edge. The distribution replaces a header of this name that a viewer sends. */
export const edgeKeyHeader = 'x-origin-key';

/** The address of the viewer. The edge function for viewer requests sets it (infra/edge/set-viewer-address.js). */
export const viewerAddressHeader = 'x-viewer-address';
