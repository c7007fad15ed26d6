/** The page of Swagger UI and its files. The function serves all of them, so that the page works without a CDN. */
import favicon16 from 'swagger-ui-dist/favicon-16x16.png' with { type: 'bytes' };
import favicon32 from 'swagger-ui-dist/favicon-32x32.png' with { type: 'bytes' };
import license from 'swagger-ui-dist/LICENSE' with { type: 'text' };
import notice from 'swagger-ui-dist/NOTICE' with { type: 'text' };
import bundle from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'text' };
import bundleLicense from 'swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt' with { type: 'text' };
import swaggerStyle from 'swagger-ui-dist/swagger-ui.css' with { type: 'text' };
import pageStyle from './static/page.css' with { type: 'text' };
import start from './static/start.js' with { type: 'text' };
import page from './static/swagger.html' with { type: 'text' };
import { fingerprint, resource, type Resource } from './resource.ts';

const script = 'text/javascript';

/** The files of the page, by their name under `/swagger/`. */
const files: Readonly<Record<string, Resource>> = {
  'swagger-ui-bundle.js': resource(script, bundle),
  'swagger-ui.css': resource('text/css', swaggerStyle),
  'page.css': resource('text/css', pageStyle),
  'start.js': resource(script, start),
  'favicon-16x16.png': resource('image/png', favicon16),
  'favicon-32x32.png': resource('image/png', favicon32),
  LICENSE: resource('text/plain', license),
  NOTICE: resource('text/plain', notice),
  'swagger-ui-bundle.js.LICENSE.txt': resource('text/plain', bundleLicense),
};

/** Allows only what Swagger UI needs. Its icons are `data:` addresses. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Adds the fingerprint of each file to its address, as in `page.css?v=<fingerprint>`, so that it may be cached forever. */
function withVersions(html: string): string {
  return html.replaceAll(/"\/swagger\/([^"]+)"/g, (address, name: string) => {
    const file = files[name];
    return file === undefined ? address : `"/swagger/${name}?v=${fingerprint(file.body)}"`;
  });
}

/** The page and its files, by path. */
export const swaggerResources: Readonly<Record<string, Resource>> = {
  '/swagger': resource('text/html', withVersions(page), {
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
  }),
  ...Object.fromEntries(Object.entries(files).map(([name, file]) => [`/swagger/${name}`, file])),
};
