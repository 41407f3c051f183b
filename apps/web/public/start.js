// Runs before the first paint and before the app, and needs nothing of it. A file of its own, because the content security
// policy allows no inline script, and only one, because the first paint waits for it.

// So that a chosen theme never flashes the other one.
try {
  const theme = localStorage.getItem('signet-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme stands then.
}

// Says why nothing comes, if the app fails before it draws anything: a file that is missing, a browser that is too old, an
// extension that breaks the script.
(() => {
  const showFailure = () => {
    const root = document.getElementById('root');
    // The app has drawn something when the frame of index.html is gone.
    if (!root || !document.getElementById('start')) return;
    root.replaceChildren();
    const box = root.appendChild(document.createElement('main'));
    box.setAttribute('role', 'alert');
    box.style.cssText =
      'max-width:32rem;margin:20vh auto;padding:0 1.5rem;font:1rem/1.5 system-ui,sans-serif';
    const title = box.appendChild(document.createElement('h1'));
    title.textContent = navigator.onLine === false ? 'You are offline' : 'Signet could not start';
    // The stylesheet, if it has come, takes a heading's and a button's own look away.
    title.style.cssText = 'font-size:1.5rem;font-weight:600;margin:0 0 .5rem';
    const text = box.appendChild(document.createElement('p'));
    text.textContent =
      navigator.onLine === false
        ? 'Reconnect, then reload the page.'
        : 'Reload the page. If that does not help, update your browser, or turn off its extensions for this page.';
    const button = box.appendChild(document.createElement('button'));
    button.textContent = 'Reload the page';
    button.style.cssText =
      'margin-top:1rem;padding:.5rem 1rem;border:1px solid;border-radius:.5rem;font:inherit;cursor:pointer';
    button.onclick = () => window.location.reload();
  };
  // Capturing, because the error of a script that cannot be loaded does not bubble.
  window.addEventListener(
    'error',
    (event) => {
      const isOfScript = event.target === window || event.target instanceof HTMLScriptElement;
      if (isOfScript) showFailure();
    },
    true,
  );
  window.addEventListener('unhandledrejection', showFailure);
})();

// Asked for here, so that the answer travels beside the app's script. The app says what is wrong with it.
window.signetConfig = fetch('/config.json', { cache: 'no-store' });
window.signetConfig.catch(() => undefined);
