// The live view: what happened, newest first, in words.

import { el, icon } from './dom.js';
import { listen, store } from './store.js';
import { clockTime, say, t } from './words.js';

const TONES = ['client', 'manager', 'system', 'good', 'bad'];

export function liveView() {
  const list = el('ol', { class: 'lines', 'aria-live': 'polite', 'aria-label': t('events') });
  const node = el('section', { class: 'card live', id: 'panel-events', 'aria-label': t('events') },
    el('header', { class: 'card-head' }, icon('pulse'), el('h2', { text: t('events') }), el('p', { text: t('events_more') }), el('i', { class: 'live-dot', 'aria-hidden': 'true' })),
    list);
  const all = () => {
    const nodes = [...store.lines].reverse().map((line) => lineNode(line));
    list.replaceChildren(...(nodes.length ? nodes : [el('li', { class: 'lines-empty', text: t('events_empty') })]));
  };
  listen('lines', (fresh) => {
    list.querySelector('.lines-empty')?.remove();
    for (const line of fresh) list.prepend(lineNode(line, 'is-new'));
    while (list.children.length > 300) list.lastChild.remove();
    if (node.offsetParent === null) node.dispatchEvent(new CustomEvent('unread', { detail: '•', bubbles: true }));
  });
  listen('reset', all);
  all();
  return node;
}

function lineNode(line, extra = '') {
  const tone = TONES.includes(line.tone) ? line.tone : 'system';
  const end = (event) => event.currentTarget.classList.remove('is-new');
  return el('li', { class: `line tone-${tone} ${extra}`.trim(), on: { animationend: end } },
    el('time', { text: clockTime(line.at, true) }),
    el('span', { class: 'line-sign', 'aria-hidden': 'true', text: line.icon || '•' }),
    el('span', { class: 'line-text', text: say(line.text) }));
}
