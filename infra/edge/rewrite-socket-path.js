/**
 * CloudFront function (viewer request, runtime 2.0): turns the addresses of rooms into what the WebSocket
 * API understands, `/ws/chat/{room}/` into `/?room={room}`. The origin path is the API's stage, and a path
 * beyond the stage is refused with 403: an address that is none of ours is left to that.
 */
function handler(event) {
  nameViewer(event);
  var request = event.request;
  var match = /^\/ws(?:\/chat(?:\/([^/]+))?)?\/?$/.exec(request.uri);
  if (!match) return request;

  request.uri = '/';
  if (match[1] !== undefined) {
    // These stand for themselves in a path, but not in a query string; what is encoded stays as it is.
    var room = match[1].replace(/[&=+;]/g, encodeURIComponent);
    request.querystring.room = { value: room };
  }
  return request;
}
