// The sample shop in a small browser window, with the widget of the demo.

import { el, icon, iconButton } from './dom.js';
import { listen, store } from './store.js';
import { language, t } from './words.js';

export function siteWindow() {
  const frame = el('iframe', { class: 'site-frame', title: t('site'), src: address() });
  const reload = () => {
    forgetVisitor();
    frame.src = address();
  };
  listen('reset', reload);
  listen('theme', () => { frame.src = address(); });
  return el('section', { class: 'card site', id: 'panel-site', 'aria-label': t('site') },
    el('header', { class: 'site-bar' },
      el('span', { class: 'site-dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
      el('span', { class: 'site-address' }, icon('lock'), el('span', { text: t('site_address') })),
      iconButton('refresh', t('site_reload'), reload),
      el('a', { class: 'icon-button', href: address(), target: '_blank', rel: 'noopener', 'aria-label': t('site_open'), title: t('site_open') }, icon('out'))),
    frame);
}

const address = () => `/stage/shop?lang=${language()}&theme=${document.documentElement.dataset.theme}`;

/** The widget keeps its visitor in this origin's storage, under the channel's number. */
function forgetVisitor() {
  for (const box of [localStorage, sessionStorage]) box.removeItem(`pult.${store.widget_channel}`);
}
