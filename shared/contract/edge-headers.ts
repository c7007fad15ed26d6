/** Headers that the edge adds to a request; between it and the functions alone, and none of a client's business. */

/** Proves that a request came through the edge. The distribution puts it in place of the viewer's own. */
export const edgeKeyHeader = 'x-origin-key';

/** Who sent the request, as the edge saw it; set by its function on viewer requests (infra/edge/set-viewer-address.js). */
export const viewerAddressHeader = 'x-viewer-address';
