// One phone of the stage: whose it is, the chat with the bot, and what its owner does.

import { Composer, emptyDraft } from './composer.js';
import { chatHead, closedFoot, pinnedBar, suggestions, typingBubble } from './chatparts.js';
import { el } from './dom.js';
import { Doing } from './doing.js';
import { replyKeyboard } from './keyboards.js';
import { MessageList } from './messages.js';
import { peopleTabs } from './people.js';
import { whenReleased } from './pressing.js';
import { botOf, can, listen, markSeen, personOf, skinOf, store, unread } from './store.js';
import { Dock } from './telephone.js';
import { hasTopics, topicList, topicStrip } from './topics.js';
import { clockTime, say, t } from './words.js';

export class Phone {
  /** `side` is `clients` or `managers`. */
  constructor(side) {
    this.side = side;
    this.people = store[side];
    this.key = remembered(side) || this.people[0].key;
    this.threads = new Map();
    this.drafts = new Map();
    this.screenNode = el('div', { class: 'phone-screen' });
    this.doing = new Doing(this);
    this.list = new MessageList(this.doing);
    this.composer = new Composer(this.screenNode, this.doing);
    this.owner = el('p');
    this.parts = Object.fromEntries(['tabs', 'bar', 'head', 'topics', 'pin', 'over', 'try', 'foot', 'keys'].map((name) => [name, el('div', { class: `part-${name}` })]));
    this.dock = store.telephone ? new Dock(this) : null;
    this.node = this.build();
    this.open(this.key);
    listen('screen', (screen) => this.onScreen(screen));
    listen('answer', (answer) => this.doing.answered(answer));
    listen('reset', () => this.forget());
    listen('shown', () => this.paint());
    this.ticking = setInterval(() => this.fade(), 1000);
  }

  build() {
    const { parts } = this;
    this.screenNode.append(parts.bar, parts.head, parts.topics, parts.pin,
      el('div', { class: 'chat-middle' }, this.list.node, parts.over), parts.try, parts.foot, parts.keys);
    this.screenNode.addEventListener('dragover', (event) => event.preventDefault());
    this.screenNode.addEventListener('drop', (event) => {
      event.preventDefault();
      this.composer.take([...event.dataTransfer.files]);
    });
    return el('section', { class: `phone-column is-${this.side}`, id: `panel-${this.side}`, 'aria-label': t(this.side) },
      el('header', { class: 'column-head' }, el('h2', { text: t(this.side) }), this.owner),
      parts.tabs, el('div', { class: 'phone' }, this.screenNode), this.dock?.node);
  }

  get screen() { return store.phones[this.key]; }
  get person() { return personOf(this.key); }
  get thread() { return this.threads.get(this.key) ?? null; }
  get place() { return `${this.key}/${this.thread ?? ''}`; }

  /** Take another person's phone into the hand. */
  open(key) {
    this.key = key;
    this.node.dataset.skin = skinOf(this.person);
    sessionStorage.setItem(`pult-stage-${this.side}`, key);
    this.isListOpen = false;
    this.goTo(this.thread);
  }

  goTo(thread) {
    this.threads.set(this.key, thread);
    this.isListOpen = false;
    if (!this.drafts.has(this.place)) this.drafts.set(this.place, emptyDraft());
    this.composer.load(this.drafts.get(this.place));
    this.paint();
  }

  onScreen(screen) {
    if (screen.key === this.key) {
      this.doing.settle(screen);
      if (this.thread !== null && !screen.topics.some((each) => each.id === this.thread)) this.goTo(null);
      else this.paint();
    } else if (this.people.some((each) => each.key === screen.key)) whenReleased(this.parts.tabs, () => this.paintTabs());
  }

  forget() {
    this.threads.clear();
    this.drafts.clear();
    this.doing.forget();
    this.goTo(null);
  }

  isVisible() {
    return this.node.offsetParent !== null && !document.hidden;
  }

  paint() {
    whenReleased(this, () => this.draw());
  }

  draw() {
    const { screen } = this;
    const messages = hasTopics(screen) ? screen.messages.filter((each) => (each.thread_id ?? null) === this.thread) : screen.messages;
    if (this.isVisible()) this.look(messages);
    this.list.show(this.place, messages, screen.messages, typingBubble(screen, this.thread));
    this.paintTabs();
    this.dock?.paint();
    this.paintHead();
    this.paintFoot(messages);
  }

  /** What is on the screen counts as read; a channel with read marks is told so. */
  look(messages) {
    const isNews = can(this.person, 'read') && unread(this.key) > 0;
    for (const each of messages) markSeen(this.key, each.thread_id, each.message_id);
    if (isNews) this.doing.read();
  }

  paintTabs() {
    this.parts.tabs.replaceChildren(peopleTabs(this.people, this.key, (key) => this.open(key)));
    this.owner.textContent = [say(this.person.name), say(this.person.about)].filter(Boolean).join(', ');
    const total = this.people.reduce((sum, each) => sum + unread(each.key), 0);
    this.node.dispatchEvent(new CustomEvent('unread', { detail: total, bubbles: true }));
  }

  paintHead() {
    const { screen, parts } = this;
    parts.bar.replaceChildren(el('span', { text: clockTime(Date.now() / 1000) }), el('i', { class: 'notch' }), el('span', { class: 'signal', 'aria-hidden': 'true' }, el('i'), el('i'), el('i'), el('b')));
    parts.head.replaceChildren(chatHead(screen, this.person, this.thread, this.doing));
    const actions = { open: (id) => this.goTo(id), list: () => this.toggleList(), create: botOf(this.person).can_open_topics ? () => this.doing.newTopic() : null };
    const before = parts.topics.querySelector('.topic-chips')?.scrollLeft || 0;
    const shows = hasTopics(screen) || actions.create;
    parts.topics.replaceChildren(...(shows ? [topicStrip(screen, this.thread, actions)] : []));
    if (shows) reveal(parts.topics.querySelector('.topic-chips'), before);
    parts.over.replaceChildren(...(this.isListOpen ? [topicList(screen, this.thread, actions)] : []));
    parts.pin.replaceChildren(...pinnedBar(screen, this.thread, this.doing));
  }

  paintFoot(messages) {
    const { screen, parts } = this;
    const closed = closedFoot(screen, botOf(this.person), this.doing);
    const keyboard = screen.reply_keyboard?.keyboard ? screen.reply_keyboard : null;
    const isOpen = Boolean(keyboard) && this.keysShown(keyboard);
    if (closed) {
      parts.foot.replaceChildren(closed);
      parts.keys.replaceChildren();
      parts.try.replaceChildren();
      return;
    }
    if (!parts.foot.contains(this.composer.node)) parts.foot.replaceChildren(this.composer.node);
    const topic = screen.topics.find((each) => each.id === this.thread);
    this.composer.offer({
      commands: screen.commands,
      keyboard: Boolean(keyboard),
      open: isOpen,
      placeholder: screen.reply_keyboard?.input_field_placeholder,
      disabled: topic?.closed ? t('topic_closed') : null,
      can: (act) => can(this.person, act),
    });
    parts.keys.replaceChildren(...(isOpen ? [replyKeyboard(keyboard, (button) => this.doing.tap(button))] : []));
    const fresh = this.side === 'clients' && !messages.some((each) => each.mine && !each.text?.startsWith('/')) && !(this.person.can && messages.length);
    parts.try.replaceChildren(...(fresh ? suggestions((text) => this.suggest(text)) : []));
  }

  keysShown(keyboard) {
    return this.closedKeys !== JSON.stringify([this.key, keyboard]);
  }

  toggleKeyboard() {
    const sign = JSON.stringify([this.key, this.screen.reply_keyboard]);
    this.closedKeys = this.closedKeys === sign ? null : sign;
    this.paint();
  }

  suggest(text) {
    this.composer.draft.text = text;
    this.composer.load(this.composer.draft);
    this.composer.input.focus();
  }

  toggleList() {
    this.isListOpen = !this.isListOpen;
    this.paint();
  }

  /** Chat actions and drafts fade without news from the server. */
  fade() {
    if (!this.node.isConnected) return clearInterval(this.ticking);
    const bar = this.parts.bar.firstChild;
    if (bar) bar.textContent = clockTime(Date.now() / 1000);
    return (this.screen.action || this.screen.drafts.length) && this.paint();
  }
}

function remembered(side) {
  const key = sessionStorage.getItem(`pult-stage-${side}`);
  return store[side].some((each) => each.key === key) ? key : null;
}

/** Keep the strip where it was, but the chosen chip in sight. */
function reveal(strip, before) {
  strip.scrollLeft = before;
  const chosen = strip.querySelector('[aria-selected=true]');
  const hidden = chosen.offsetLeft < strip.scrollLeft || chosen.offsetLeft + chosen.offsetWidth > strip.scrollLeft + strip.clientWidth;
  if (hidden) strip.scrollLeft = chosen.offsetLeft - 40;
}
