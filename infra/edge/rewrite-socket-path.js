/**
 * CloudFront function (viewer request, runtime 2.0): rewrites the address of a room, `/ws/chat/{room}/`, to the form that
 * the WebSocket API accepts, `/?room={room}`. Other paths stay as they are: the origin path is the API's stage, and API
 * Gateway answers a path below the stage with 403.
 */
function handler(event) {
  setViewerAddress(event);
  var request = event.request;
  var match = /^\/ws(?:\/chat(?:\/([^/]+))?)?\/?$/.exec(request.uri);
  if (!match) return request;

  request.uri = '/';
  if (match[1] !== undefined) {
    // These characters are literal in a path but not in a query string. Characters that are encoded already stay so.
    var room = match[1].replace(/[&=+;]/g, encodeURIComponent);
    request.querystring.room = { value: room };
  }
  return request;
}
