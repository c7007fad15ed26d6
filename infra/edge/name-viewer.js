/** Says who the viewer is, whatever the viewer says: the API behind the edge sees the edge's own address. */
function nameViewer(event) {
  event.request.headers['x-viewer-address'] = { value: event.viewer.ip };
}
