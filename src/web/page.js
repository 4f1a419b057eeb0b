// What pages do beyond links, forms and htmx.

// Where the browser is, so that times are told for there.
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
if (timeZone && !document.cookie.split('; ').includes(`zone=${timeZone}`)) {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store API
  document.cookie = `zone=${timeZone}; path=/; max-age=31536000; samesite=lax${secure}`;
}

// A menu closes when one goes elsewhere, and with Escape.
const openMenus = () => document.querySelectorAll('.who details[open]');
document.addEventListener('click', event => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// A form is sent once: the second click of a double click does nothing.
document.addEventListener('submit', event => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener('pageshow', event => {
  // A page kept aside by the browser is older than the session: signed out, it must not come back.
  if (event.persisted) location.reload();
});
