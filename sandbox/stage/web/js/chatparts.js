// Parts of a chat around its messages: head, pinned bar, typing, the foot of a closed chat.

import { avatar } from './avatar.js';
import { gist } from './bubble.js';
import { el, icon, iconButton } from './dom.js';
import { formatted } from './entities.js';
import { channelName } from './people.js';
import { botOf, can } from './store.js';
import { language, has, say, t } from './words.js';

const serverNow = (screen) => Date.now() / 1000 + screen.skew;

function liveAction(screen, thread) {
  const { action } = screen;
  const here = action && (action.thread_id ?? null) === (thread ?? null);
  return here && action.until > serverNow(screen) ? action.action : null;
}

export function chatHead(screen, person, thread, act) {
  const name = say(botOf(person).name);
  const action = liveAction(screen, thread);
  const topic = screen.topics.find((each) => each.id === thread);
  const status = action ? t(has(`action_${action}`) ? `action_${action}` : 'typing') : person.skin ? channelName(person.skin) : t('bot');
  const more = iconButton('dots', t('more'), () => act.chatMenu(more), { 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
  return el('div', { class: 'chat-head' },
    topic && iconButton('back', t('topic_general'), () => act.goTo(null)),
    avatar({ name, extra: 'is-bot' }),
    el('div', { class: 'chat-title' },
      el('b', { text: topic ? topic.name : name }),
      el('span', { class: action ? 'is-busy' : '', text: topic && !action ? name : status })),
    can(person, 'block') && more);
}

export function pinnedBar(screen, thread, act) {
  const pins = screen.messages.filter((each) => screen.pinned.includes(each.message_id) && (!screen.topics.length || (each.thread_id ?? null) === thread));
  const lastOne = pins[pins.length - 1];
  if (!lastOne) return [];
  return [el('button', { type: 'button', class: 'pinned', on: { click: () => act.jump(lastOne.message_id) } },
    icon('pin'), el('span', { class: 'pinned-words' }, el('b', { text: t('pinned') }), el('span', { text: gist(lastOne) })))];
}

/** What comes after the last message: a text being written, or three dots. */
export function typingBubble(screen, thread) {
  const drafts = screen.drafts.filter((each) => (each.thread_id ?? null) === (thread ?? null) && each.until > serverNow(screen));
  const nodes = drafts.map((each) => el('div', { class: 'message is-theirs is-draft' },
    el('div', { class: 'bubble has-tail' }, el('div', { class: 'bubble-body' }, el('div', { class: 'words', text: each.text })))));
  if (!nodes.length && liveAction(screen, thread) === 'typing') {
    nodes.push(el('div', { class: 'message is-theirs' }, el('div', { class: 'bubble typing has-tail', 'aria-label': t('typing') }, el('i'), el('i'), el('i'))));
  }
  return nodes;
}

/** Instead of the composer: start or unblock; null when one can write. */
export function closedFoot(screen, bot, act) {
  if (screen.blocked) return bigButton(t('unblock'), () => act.unblock(), t('blocked'));
  if (screen.started) return null;
  const about = bot.description[language()] || bot.description[''] || t('start_hint');
  return bigButton(t('start'), () => act.start(), about);
}

function bigButton(label, click, words) {
  return el('div', { class: 'closed-foot' },
    el('p', {}, formatted(words, [], {})),
    el('button', { type: 'button', class: 'button button-main', text: label, on: { click } }));
}

export function suggestions(choose) {
  const texts = ['suggestion1', 'suggestion2'].filter(has).map((key) => t(key));
  if (!texts.length) return [];
  return [el('div', { class: 'suggestions' }, el('span', { text: t('try') }),
    texts.map((text) => el('button', { type: 'button', text, on: { click: () => choose(text) } })))];
}
