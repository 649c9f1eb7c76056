// Round pictures of people and bots: an emoji or initials on a colour of their own.

import { el } from './dom.js';

const HUES = [172, 245, 18, 292, 205, 340, 38, 130];

export function avatar({ name, emoji = '', colour = '', extra = '' }) {
  const node = el('span', { class: `avatar ${extra}`.trim(), 'aria-hidden': 'true', text: emoji || initials(name) });
  if (emoji) node.classList.add('has-emoji');
  node.style.setProperty('--hue', String(hueOf(name)));
  if (/^#[0-9a-f]{3,8}$/i.test(colour)) node.style.setProperty('--own', colour);
  return node;
}

export function hueOf(name) {
  const sum = [...String(name)].reduce((total, each) => total + each.codePointAt(0), 0);
  return HUES[sum % HUES.length];
}

function initials(name) {
  const words = String(name).replace(/[«»"“”]/g, '').split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join('') || '?';
}
