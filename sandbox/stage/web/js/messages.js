// The list of messages of one phone: keeps the nodes that did not change, scrolls sensibly.

import { bubble, serviceLine } from './bubble.js';
import { el } from './dom.js';
import { clockTime, dayName, language, sameDay, t } from './words.js';

const RUN = 300; // seconds within which messages of one author stand together

/** Blocks of a chat, pure: days, service lines, bubbles (an album is one). */
export function blocksOf(messages, byId) {
  const blocks = [];
  let previous = null;
  for (const message of messages) {
    if (!previous || !sameDay(previous.date, message.date)) {
      blocks.push({ key: `day-${dayName(message.date)}-${message.message_id}`, kind: 'day', date: message.date });
      previous = null;
    }
    const open = blocks[blocks.length - 1];
    if (message.service) {
      blocks.push({ key: `service-${message.message_id}`, kind: 'service', message });
    } else if (message.group_id && open.kind === 'bubble' && open.messages[0].group_id === message.group_id) {
      open.messages.push(message);
    } else {
      blocks.push({ key: `message-${message.message_id}`, kind: 'bubble', messages: [message],
        replied: byId.get(message.reply_to) || null, first: !follows(previous, message), last: true });
      if (follows(previous, message) && open.kind === 'bubble') open.last = false;
    }
    previous = message;
  }
  return blocks;
}

function follows(previous, message) {
  return Boolean(previous) && !previous.service && previous.from.id === message.from.id && message.date - previous.date < RUN;
}

export class MessageList {
  /** `act` is what a bubble may do: see bubble.js. */
  constructor(act) {
    this.act = act;
    this.nodes = new Map();
    this.list = el('div', { class: 'messages', role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions' });
    this.scroll = el('div', { class: 'scroll', tabindex: '0' }, this.list);
    this.jumpButton = el('button', { type: 'button', class: 'to-bottom', hidden: true, text: t('new_messages'), on: { click: () => this.toBottom(true) } });
    this.node = el('div', { class: 'message-area' }, this.scroll, this.jumpButton);
    this.scroll.addEventListener('scroll', () => this.isAtBottom() && this.jumpButton.setAttribute('hidden', ''));
    this.place = '';
    const observer = new ResizeObserver(() => this.sticks && this.toBottom());
    observer.observe(this.scroll);
    observer.observe(this.list);
    this.scroll.addEventListener('scroll', () => this.scrolled());
    this.list.addEventListener('load', () => this.sticks && this.toBottom(), true);
    this.sticks = true;
  }

  /** Show these messages; `place` names the chat and topic, another one begins at its end. */
  show(place, messages, all, extra) {
    const moved = place !== this.place;
    const stays = this.sticks || moved;
    const lastId = messages.length ? messages[messages.length - 1].message_id : 0;
    const isNew = !moved && lastId > (this.lastId || 0);
    const mine = isNew && messages[messages.length - 1].mine;
    if (moved) this.nodes.clear();
    this.moved = moved;
    this.place = place;
    this.lastId = lastId;
    this.draw(blocksOf(messages, new Map(all.map((each) => [each.message_id, each]))), extra);
    if (stays || mine) this.toBottom();
    else if (isNew) this.jumpButton.removeAttribute('hidden');
  }

  draw(blocks, extra) {
    const kept = new Map();
    const wanted = [];
    for (const block of blocks) {
      const known = this.nodes.get(block.key);
      const sign = this.signOf(block);
      const node = known?.sign === sign ? known.node : this.build(block, known);
      kept.set(block.key, { node, sign });
      if (node) wanted.push(node);
    }
    this.nodes = kept;
    if (!wanted.length && !extra.length) wanted.push(el('div', { class: 'empty-chat', text: t('no_messages') }));
    arrange(this.list, [...wanted, ...extra]);
  }

  signOf(block) {
    const waiting = block.messages?.flatMap((each) => each.keyboard.flat().map((button) => this.act.isWaiting(block.messages[0], button.callback_data)));
    return JSON.stringify([block, waiting, language()]);
  }

  build(block, known) {
    if (block.kind === 'day') return el('div', { class: 'day' }, el('span', { text: dayName(block.date), title: clockTime(block.date) }));
    if (block.kind === 'service') return serviceLine(block.message);
    const node = bubble(block, this.act);
    if (!this.moved) animate(node, known ? 'is-changed' : 'is-new');
    if (block.first) node.classList.add('is-first');
    const focused = document.activeElement;
    if (known?.node?.contains(focused)) requestAnimationFrame(() => refocus(node, focused.textContent));
    return node;
  }

  jump(messageId) {
    const node = this.list.querySelector(`[data-id="${Number(messageId)}"]`);
    if (!node) return;
    node.scrollIntoView({ block: 'center', behavior: 'smooth' });
    node.classList.remove('is-flashing');
    requestAnimationFrame(() => node.classList.add('is-flashing'));
  }

  /** Only a person's scrolling lets go of the end; a new layout also scrolls, and doesn't. */
  scrolled() {
    const layout = `${this.scroll.clientHeight}/${this.scroll.scrollHeight}`;
    if (layout === this.layout || this.isAtBottom()) this.sticks = this.isAtBottom();
    this.layout = layout;
  }

  isAtBottom() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 60;
  }

  toBottom(smooth = false) {
    this.sticks = true;
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
    this.jumpButton.setAttribute('hidden', '');
  }
}

/** Once only: a class left behind would play again whenever the list is shown. */
function animate(node, name) {
  node.classList.add(name);
  node.addEventListener('animationend', () => node.classList.remove(name), { once: true });
}

/** Keep the keyboard user at a button that was drawn anew, unless something else took over. */
function refocus(node, label) {
  if (document.activeElement !== document.body) return;
  const buttons = [...node.querySelectorAll('.inline-button')];
  const same = buttons.find((each) => each.textContent === label) || buttons[0];
  (same || node.querySelector('.bubble-menu'))?.focus({ preventScroll: true });
}

/** Make `children` the children of `parent`, moving as few nodes as possible. */
function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const child of children) {
    if (child === at) at = at.nextSibling;
    else parent.insertBefore(child, at);
  }
}
