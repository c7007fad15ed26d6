/** Passes on the viewer's address, in place of a header of that name from the viewer: the API sees CloudFront's address. */
function setViewerAddress(event) {
  event.request.headers['x-viewer-address'] = { value: event.viewer.ip };
}
