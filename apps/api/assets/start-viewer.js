// Starts the viewer at /docs. A file of its own, because the page's policy runs no script that is in the page.
document.documentElement.classList.toggle('dark-mode', matchMedia('(prefers-color-scheme: dark)').matches);

const viewer = window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  displayRequestDuration: true,
  // Without this, swagger-ui sends the document's address to a server of its makers.
  validatorUrl: null,
  onComplete() {
    // The viewer shows the same endpoints, so the tables that work without script would repeat them.
    document.getElementById('endpoints').hidden = true;
  },
  // After a bearer sign-in the next calls have its token, as those after a cookie sign-in have the cookie.
  responseInterceptor(answer) {
    const { pathname } = new URL(answer.url, location.href);
    if (pathname === '/token' && answer.ok && answer.obj?.token)
      viewer.preauthorizeApiKey('bearer', answer.obj.token);
    return answer;
  },
});
