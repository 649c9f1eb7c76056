// Topics of a chat: a strip under the head, and a list over the messages.

import { gist } from './bubble.js';
import { el, icon, iconButton } from './dom.js';
import { unread } from './store.js';
import { clockTime, t } from './words.js';

/** Colour of a topic as the Bot API gives it (a number). */
const colourOf = (topic) => (topic.icon == null ? null : `#${topic.icon.toString(16).padStart(6, '0')}`);

/** The strip; `open(id or null)` goes to a topic, `list()` toggles the list. */
export function topicStrip(screen, current, { open, list }) {
  const chips = rowsOf(screen).map((row) => {
    const count = unread(screen.key, row.id);
    return el('button', {
      type: 'button', role: 'tab', class: 'topic-chip', 'aria-selected': String(row.id === current),
      data: { topic: row.id ?? '' }, on: { click: () => open(row.id) },
    }, sign(row), el('span', { text: row.name }), count > 0 && el('b', { class: 'count', text: String(count) }));
  });
  return el('div', { class: 'topic-strip' },
    iconButton('list', t('topics_all'), list, { class: 'topic-all' }),
    el('div', { class: 'topic-chips', role: 'tablist', 'aria-label': t('topics') }, chips));
}

/** The list with last words; `create` is null where people can't open topics. */
export function topicList(screen, current, { open, create }) {
  const rows = rowsOf(screen).reverse().map((row) => {
    const inside = screen.messages.filter((each) => each.thread_id === row.id && !each.service);
    const lastOne = inside[inside.length - 1];
    const count = unread(screen.key, row.id);
    return el('button', { type: 'button', class: 'topic-row', 'aria-current': row.id === current ? 'true' : null, on: { click: () => open(row.id) } },
      sign(row, 'is-large'),
      el('span', { class: 'topic-words' },
        el('b', {}, row.name, row.closed && icon('lock')),
        el('span', { text: lastOne ? gist(lastOne) : t('no_messages') })),
      el('span', { class: 'topic-side' },
        lastOne && el('time', { text: clockTime(lastOne.date) }),
        count > 0 && el('b', { class: 'count', text: String(count) })));
  });
  const plus = create && el('button', { type: 'button', class: 'topic-row topic-new', on: { click: create } }, icon('plus'), el('span', { text: t('topic_new') }));
  return el('div', { class: 'topic-list', 'aria-label': t('topics') }, plus || null, rows);
}

function rowsOf(screen) {
  return [{ id: null, name: t('topic_general') }, ...screen.topics];
}

function sign(row, extra = '') {
  const node = el('i', { class: `topic-sign ${extra}`.trim(), 'aria-hidden': 'true', text: row.id == null ? '#' : [...row.name][0].toUpperCase() });
  const colour = colourOf(row);
  if (colour) node.style.setProperty('--topic', colour);
  return node;
}

/** A chat shows topics when it has any. */
export const hasTopics = (screen) => screen.topics.length > 0;
