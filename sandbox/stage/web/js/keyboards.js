// Inline keyboards under messages and reply keyboards under the composer.

import { safeAddress } from './entities.js';
import { el, icon } from './dom.js';

/** `waiting(data)` says whether the bot still has to answer; `act` has press, link, copy. */
export function inlineKeyboard(rows, waiting, act) {
  const lines = rows.map((row) => el('div', { class: 'inline-row' }, row.map((each) => inlineButton(each, waiting, act))));
  return el('div', { class: 'inline-keyboard' }, lines);
}

function inlineButton(button, waiting, act) {
  const looks = `inline-button ${button.style ? `is-${button.style}` : ''}`.trim();
  const address = button.url || button.web_app?.url;
  if (address) return linkButton(button, safeAddress(address), looks, act);
  const isWaiting = Boolean(button.callback_data) && waiting(button.callback_data);
  const click = (event) => {
    event.stopPropagation();
    if (button.copy_text) act.copy(button.copy_text.text);
    else act.press(button.callback_data);
  };
  return el('button', { type: 'button', class: looks, 'aria-busy': isWaiting ? 'true' : null, on: { click } },
    el('span', { text: button.text }), isWaiting && el('i', { class: 'spinner' }), button.copy_text && icon('copy'));
}

function linkButton(button, address, looks, act) {
  const click = (event) => {
    event.stopPropagation();
    if (!address || act.link(address)) event.preventDefault();
  };
  return el('a', { class: looks, href: address, target: '_blank', rel: 'noopener noreferrer', on: { click } },
    el('span', { text: button.text }), icon('out'));
}

/** `tap(button)` gets the whole button object. */
export function replyKeyboard(keyboard, tap) {
  const rows = keyboard.keyboard.map((row) => el('div', { class: 'reply-row' }, row.map((button) =>
    el('button', { type: 'button', class: 'reply-button', text: button.text, on: { click: () => tap(button) } }))));
  return el('div', { class: 'reply-keyboard' }, rows);
}
