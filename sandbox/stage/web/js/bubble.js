// One message or album as a bubble.

import { formatted } from './entities.js';
import { el, icon, iconButton } from './dom.js';
import { inlineKeyboard } from './keyboards.js';
import { album, attachment } from './media.js';
import { contactCard, placeCard } from './places.js';
import { clockTime, has, t } from './words.js';

/** A short text for previews, replies and pins. */
export function gist(message) {
  const text = message.text || message.caption;
  const kind = message.media?.kind || (message.contact && 'contact') || (message.location && 'location');
  const sign = message.media?.emoji ? ` ${message.media.emoji}` : '';
  if (!kind) return text || '';
  const name = kind === 'document' && message.media.name ? message.media.name : t(kind);
  return text ? `${name}, ${text}` : `${name}${sign}`;
}

/**
 * The bubble of a block: `messages` (several = one album), `first`/`last` of a run of one author,
 * `replied` (the message answered to, if it still stands). `act` is what the phone can do.
 */
export function bubble({ messages, last, replied }, act) {
  const [head] = messages;
  const words = messages.find((each) => each.text || each.caption);
  const content = el('div', { class: 'bubble-body' },
    head.forwarded_from && el('div', { class: 'forwarded', text: `${t('forwarded')} ${head.forwarded_from}` }),
    head.author && el('div', { class: 'forwarded', text: head.author }),
    head.subject && el('div', { class: 'subject', text: head.subject }),
    replied && quoteOf(replied, head.quote, act),
    inside(messages, act),
    words && el('div', { class: 'words' }, formatted(words.text ?? words.caption, words.entities, act)),
    reactions(messages),
    foot(messages));
  const node = el('div', { class: kindOf(messages, last) }, content, menuButton(head, act));
  content.addEventListener('click', (event) => {
    if (!act.can('reply') || event.target.closest('a, button, input, [role=button]') || String(getSelection())) return;
    act.reply(head);
  });
  const rows = messages.flatMap((each) => each.keyboard.map((row) => row));
  const keyboard = rows.length && inlineKeyboard(rows, (data) => act.isWaiting(head, data), {
    ...act,
    press: (data) => act.press(messages.find((each) => holds(each, data)), data),
  });
  return el('div', { class: `message ${head.mine ? 'is-mine' : 'is-theirs'}`, data: { id: head.message_id } }, node, keyboard || null);
}

const holds = (message, data) => message.keyboard.some((row) => row.some((each) => each.callback_data === data));

function kindOf(messages, last) {
  const [head] = messages;
  const kind = head.media?.kind;
  const bare = kind === 'sticker' || kind === 'video_note';
  const picture = ['photo', 'video', 'animation'].includes(kind) || head.location;
  const words = messages.some((each) => each.text || each.caption);
  const marks = [bare && 'is-bare', picture && 'has-picture', picture && !words && 'is-wordless', last && 'has-tail'];
  return ['bubble', ...marks.filter(Boolean)].join(' ');
}

function inside(messages, act) {
  const [head] = messages;
  if (messages.length > 1) return album(messages.map((each) => each.media), act.show);
  if (head.media) return attachment(head.media, act.show);
  if (head.location) return placeCard(head.location, head.venue);
  return head.contact ? contactCard(head.contact) : null;
}

function quoteOf(replied, quote, act) {
  const click = (event) => {
    event.stopPropagation();
    act.jump(replied.message_id);
  };
  return el('button', { type: 'button', class: 'quoted', on: { click } },
    el('b', { text: replied.from.name }), el('span', { text: quote || gist(replied) }));
}

function reactions(messages) {
  const counts = new Map();
  for (const each of messages.flatMap((message) => message.reactions)) {
    if (each.emoji) counts.set(each.emoji, (counts.get(each.emoji) || 0) + 1);
  }
  if (!counts.size) return null;
  return el('div', { class: 'reactions' }, [...counts].map(([emoji, count]) =>
    el('span', { class: 'reaction', text: count > 1 ? `${emoji} ${count}` : emoji })));
}

function foot(messages) {
  const lastOne = messages[messages.length - 1];
  return el('span', { class: 'foot' },
    messages.some((each) => each.edited) && el('span', { text: t('edited') }),
    el('time', { text: clockTime(lastOne.date) }),
    lastOne.mine && tick(lastOne.state));
}

/** Telegram's own phones have no state: one tick. */
function tick(state) {
  const isFar = state === 'delivered' || state === 'read';
  const node = el('span', { class: `tick is-${state || 'sent'}` }, icon(state === 'failed' ? 'close' : 'check'), isFar && icon('check'));
  return node;
}

function menuButton(message, act) {
  const button = iconButton('dots', t('message_menu'), (event) => {
    event.stopPropagation();
    act.menu(message, button);
  }, { class: 'bubble-menu', 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
  return button;
}

/** A grey line in the middle: something happened to the chat; null for what needs no line. */
export function serviceLine(message) {
  const [[kind, body]] = Object.entries(message.service);
  const short = kind.replace('forum_', '').replace('pinned_message', 'pinned');
  const key = kind === 'forum_topic_edited' && !body.name ? 'service_topic_edited_icon' : `service_${short}`;
  if (!has(key)) return null;
  return el('div', { class: 'service', data: { id: message.message_id } },
    el('span', { text: t(key, { name: body?.name || '' }) }));
}
