// Whose phone it is: one tab per person.

import { avatar } from './avatar.js';
import { el } from './dom.js';
import { unread } from './store.js';
import { say, t } from './words.js';

export function peopleTabs(people, current, open) {
  const tabs = people.map((person) => {
    const name = say(person.name);
    const count = unread(person.key);
    const chosen = person.key === current;
    return el('button', {
      type: 'button', role: 'tab', class: 'person', 'aria-selected': String(chosen), tabindex: chosen ? '0' : '-1',
      title: [name, say(person.about)].filter(Boolean).join(', '), data: { key: person.key }, on: { click: () => open(person.key) },
    },
      avatar({ name, emoji: person.emoji, colour: person.colour }),
      el('b', { class: 'person-name', text: shortName(name) }),
      count > 0 && el('b', { class: 'count', text: String(count) }));
  });
  const node = el('div', { class: 'people', role: 'tablist', 'aria-label': t('whose_phone') }, tabs);
  node.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = people.findIndex((each) => each.key === current);
    const next = people[(at + step + people.length) % people.length];
    const holder = node.parentElement;
    open(next.key);
    holder.querySelector('[aria-selected=true]').focus();
  });
  return node;
}

const shortName = (name) => name.split(' ')[0];
