/** Starts Swagger UI on the page. In a file of its own, since the page allows no inline script. */
/* global SwaggerUIBundle */
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

const ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  // Its default asks a server elsewhere about this document.
  validatorUrl: null,
  responseInterceptor: (response) => {
    // Who has signed in by trying it out need not copy the token into the Authorize dialogue.
    const givesTokens = /\/users\/(auth\/login|token\/refresh)\/?$/.test(response.url);
    if (givesTokens && response.ok) {
      ui.preauthorizeApiKey('bearerAuth', response.body.access);
      ui.authActions.persistAuthorizationIfNeeded();
    }
    return response;
  },
});
