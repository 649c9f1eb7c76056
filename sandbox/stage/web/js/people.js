// Whose phone it is: one tab per person.

import { avatar } from './avatar.js';
import { el } from './dom.js';
import { skinOf, unread } from './store.js';
import { has, say, t } from './words.js';

const ROOMY = 4; // with more people only the chosen one has the name beside the picture
const CROWD = 6; // with more there is room for pictures only

export function peopleTabs(people, current, open) {
  const tabs = people.map((person) => {
    const name = say(person.name);
    const count = unread(person.key);
    const chosen = person.key === current;
    const skin = skinOf(person);
    return el('button', {
      type: 'button', role: 'tab', class: 'person', 'aria-selected': String(chosen), tabindex: chosen ? '0' : '-1',
      title: [name, say(person.about), channelName(skin)].filter(Boolean).join(', '), data: { key: person.key, skin }, on: { click: () => open(person.key) },
    },
      el('span', { class: 'person-face' }, avatar({ name, emoji: person.emoji, colour: person.colour }),
        people.some((each) => each.skin) && el('i', { class: 'skin-mark', 'aria-hidden': 'true', text: MARKS[skin] || '' })),
      el('b', { class: 'person-name', text: shortName(name) }),
      count > 0 && el('b', { class: 'count', text: String(count) }));
  });
  const looks = ['people', people.length > ROOMY && 'is-tight', people.length > CROWD && 'is-crowd'].filter(Boolean).join(' ');
  const node = el('div', { class: looks, role: 'tablist', 'aria-label': t('whose_phone') }, tabs);
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

const MARKS = { telegram: '➤', viber: '☎', vk: 'vk', sms: '✉', mail: '@' };

export const channelName = (skin) => (has(`skin_${skin}`) ? t(`skin_${skin}`) : '');

const shortName = (name) => name.split(' ')[0];
