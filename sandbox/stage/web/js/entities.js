// Formatted text: Bot API entities (UTF-16 offsets, as in JavaScript) to DOM nodes.

import { el } from './dom.js';
import { t } from './words.js';

const PLAIN = { bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', code: 'code', pre: 'pre' };
const FOLD_AT = 150;

/** Nodes for a text; `act.command(text)` and `act.link(url)` are called on clicks. */
export function formatted(text, entities, act) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted, act);
}

function span(text, start, end, entities, act) {
  const nodes = [];
  let at = start;
  let rest = entities;
  const plain = (from, to) => {
    // The line break after a block is the block's own end.
    const skip = isBlock(nodes[nodes.length - 1]) && text[from] === '\n' ? 1 : 0;
    if (from + skip < to) nodes.push(text.slice(from + skip, to));
  };
  while (rest.length) {
    const [first, ...others] = rest;
    const from = Math.max(at, first.offset);
    const to = Math.min(end, first.offset + first.length);
    rest = others;
    if (to <= from) continue;
    if (from > at) plain(at, from);
    const inner = others.filter((each) => each.offset < to);
    rest = others.filter((each) => each.offset >= to);
    nodes.push(wrap(first, text.slice(from, to), span(text, from, to, inner, act), act));
    at = to;
  }
  if (at < end) plain(at, end);
  return nodes;
}

const isBlock = (node) => node instanceof Element && ['BLOCKQUOTE', 'PRE'].includes(node.tagName);

function wrap(entity, raw, inner, act) {
  const { type } = entity;
  if (type in PLAIN) return el(PLAIN[type], {}, inner);
  if (type === 'spoiler') return spoiler(inner);
  if (type === 'blockquote') return el('blockquote', {}, inner);
  if (type === 'expandable_blockquote') return foldingQuote(raw, inner);
  const address = hrefOf(entity, raw);
  if (address) return link(address, inner, act);
  if (type === 'bot_command') {
    const click = () => act.command(raw);
    return el('button', { type: 'button', class: 'inline-link', on: { click } }, inner);
  }
  if (['mention', 'hashtag', 'cashtag', 'text_mention'].includes(type)) return el('span', { class: 'inline-mark' }, inner);
  return el('span', {}, inner);
}

function hrefOf(entity, raw) {
  if (entity.type === 'text_link') return safeAddress(entity.url);
  if (entity.type === 'url') return safeAddress(/^\w+:\/\//.test(raw) ? raw : `https://${raw}`);
  if (entity.type === 'email') return `mailto:${raw}`;
  if (entity.type === 'phone_number') return `tel:${raw.replace(/[^+\d]/g, '')}`;
  return null;
}

/** Only addresses a browser may follow from a chat; null for anything else. */
export function safeAddress(address) {
  try {
    const url = new URL(address);
    return ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function link(address, inner, act) {
  const click = (event) => {
    if (act.link?.(address)) event.preventDefault();
  };
  return el('a', { href: address, target: '_blank', rel: 'noopener noreferrer', on: { click } }, inner);
}

function spoiler(inner) {
  const node = el('span', { class: 'spoiler', tabindex: '0', role: 'button', 'aria-label': t('spoiler') }, inner);
  const show = (event) => {
    if (!node.classList.contains('spoiler')) return;
    event.stopPropagation();
    node.className = 'spoiler-open';
    for (const name of ['tabindex', 'role', 'aria-label']) node.removeAttribute(name);
  };
  node.addEventListener('click', show);
  node.addEventListener('keydown', (event) => event.key === 'Enter' && show(event));
  return node;
}

function foldingQuote(raw, inner) {
  const quote = el('blockquote', { class: 'folding' }, el('div', { class: 'folding-text' }, inner));
  if (raw.length < FOLD_AT && raw.split('\n').length <= 3) return quote;
  quote.classList.add('is-folded');
  const button = el('button', { type: 'button', class: 'folding-button', text: t('quote_more'), 'aria-expanded': 'false' });
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    const folded = quote.classList.toggle('is-folded');
    button.textContent = t(folded ? 'quote_more' : 'quote_less');
    button.setAttribute('aria-expanded', String(!folded));
  });
  quote.append(button);
  return quote;
}
