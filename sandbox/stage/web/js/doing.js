// What the owner of a phone does, and what comes of it: sending, pressing, menus, errors.

import { el, icon } from './dom.js';
import { fileAddress } from './media.js';
import { act, Refused } from './net.js';
import { ask, askText, menuItem, popover, toast } from './popups.js';
import { botOf, can } from './store.js';
import { language, t } from './words.js';

const REACTIONS = ['👍', '❤', '🔥', '🎉', '😁', '🙏'];
const PATIENCE = 15000;
const PLACES = [[55.7601, 37.6187], [55.7422, 37.5656], [55.7906, 37.6787]];

export class Doing {
  constructor(phone) {
    this.phone = phone;
    this.waiting = new Map(); // "phone:message:data" -> {timer, id}
    this.early = new Map();
    for (const name of ['can', 'reply', 'menu', 'press', 'link', 'copy', 'show', 'jump', 'command', 'isWaiting', 'voice', 'location', 'contact', 'send', 'tap', 'goTo', 'toggleKeyboard']) {
      this[name] = this[name].bind(this);
    }
  }

  get host() { return this.phone.screenNode; }

  /** Run one act in the open topic; what is refused becomes a toast. */
  async run(name, fields = {}, files = []) {
    const thread = this.phone.thread;
    try {
      return await act(this.phone.key, name, thread === null ? fields : { thread_id: thread, ...fields }, files);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(this.host, t(error.code));
      return null;
    }
  }

  can(name) { return can(this.phone.person, name); }
  read() { return this.run('read'); }

  async send(draft) {
    const reply = draft.reply ? { reply_to: draft.reply.message_id } : {};
    if (draft.subject) reply.subject = draft.subject;
    const done = draft.editing
      ? await this.run('edit', { message_id: draft.editing.message_id, text: draft.text })
      : draft.files.length
        ? await this.run(draft.kind, { caption: draft.text, ...reply }, draft.files)
        : await this.run('text', { text: draft.text, ...reply });
    if (done === null && !this.phone.composer.input.value) this.phone.suggest(draft.text);
  }

  start(payload = '') { return this.run('start', { payload }); }
  voice() { return this.run('voice'); }
  contact() { return this.run('contact'); }
  unblock() { return this.run('unblock'); }
  command(text) { return this.run('text', { text }); }
  goTo(thread) { this.phone.goTo(thread); }
  jump(messageId) { this.phone.list.jump(messageId); }
  reply(message) { this.phone.composer.reply(message); }
  toggleKeyboard() { this.phone.toggleKeyboard(); }

  location() {
    const [latitude, longitude] = PLACES[Math.floor(Math.random() * PLACES.length)];
    return this.run('location', { latitude, longitude });
  }

  tap(button) {
    if (this.phone.person.can) return this.pressKey(button);
    if (button.request_contact) return this.run('share_contact', { button: button.text });
    if (button.request_location) return this.location();
    return this.run('tap', { button: button.text });
  }

  async newTopic() {
    const name = await askText(this.host, t('topic_name'), t('topic_create'));
    const made = name && await this.run('topic', { name });
    if (made) this.wanted = made.thread_id;
  }

  // --- pressing inline buttons --------------------------------------------------------------

  isWaiting(message, data) {
    return this.waiting.has(`${this.phone.key}:${message.message_id}:${data}`);
  }

  async press(message, data) {
    const place = `${this.phone.key}:${message.message_id}:${data}`;
    if (this.waiting.has(place)) return null;
    const entry = { id: null, timer: setTimeout(() => this.giveUp(place), PATIENCE) };
    this.waiting.set(place, entry);
    this.phone.paint();
    const pressed = await this.run('press', { message_id: message.message_id, button: data });
    if (!pressed) return this.done(place);
    if (!pressed.callback_id) {
      this.tell(this.phone.key, told(pressed));
      return this.done(place);
    }
    entry.id = pressed.callback_id;
    const early = this.early.get(entry.id);
    return early && this.answered(early);
  }

  /** A button under the place one writes in, in a window of another channel. */
  async pressKey(button) {
    const key = this.phone.key;
    const pressed = await this.run('press', { button: button.data });
    if (pressed) this.tell(key, told(pressed));
  }

  /** The bot answered a press; the answer may overtake the reply to our own request. */
  answered(told) {
    const found = [...this.waiting].find(([, entry]) => entry.id === told.id);
    if (found) {
      this.early.clear();
      this.done(found[0]);
      this.tell(told.key, told.answer);
    } else if (this.waiting.size) this.early.set(told.id, told);
  }

  tell(key, answer) {
    if (key !== this.phone.key) return;
    if (answer.url) this.link(answer.url) || window.open(answer.url, '_blank', 'noopener');
    if (answer.text && answer.show_alert) ask(this.host, answer.text);
    else if (answer.text) toast(this.host, answer.text);
  }

  giveUp(place) {
    this.done(place);
    toast(this.host, t('error_no_answer'));
  }

  done(place) {
    clearTimeout(this.waiting.get(place)?.timer);
    this.waiting.delete(place);
    this.phone.paint();
  }

  /** A new screen came: open the topic just made. */
  settle(screen) {
    if (this.wanted && screen.topics.some((each) => each.id === this.wanted)) {
      const thread = this.wanted;
      this.wanted = null;
      this.phone.goTo(thread);
    }
  }

  forget() {
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }

  // --- menus --------------------------------------------------------------------------------

  menu(message, anchor) {
    const react = (emoji) => this.run('react', { message_id: message.message_id, emoji });
    const has = (emoji) => message.reactions.some((each) => each.emoji === emoji);
    const row = el('div', { class: 'react-row' }, REACTIONS.map((emoji) =>
      menuItem(emoji, '', () => react(has(emoji) ? '' : emoji), 'react')));
    const words = message.text ?? message.caption;
    const items = [this.can('react') && row, this.can('reply') && menuItem(icon('reply'), t('reply'), () => this.reply(message))].filter(Boolean);
    if (message.mine && words != null && this.can('edit')) items.push(menuItem(icon('edit'), t('edit'), () => this.phone.composer.edit(message)));
    if (words) items.push(menuItem(icon('copy'), t('copy'), () => this.copy(words)));
    if (message.mine && this.can('delete')) items.push(menuItem(icon('trash'), t('delete'), () => this.run('delete', { message_id: message.message_id }), 'is-danger'));
    if (items.length) popover(this.host, anchor, items, { label: t('message_menu'), side: 'below' });
  }

  chatMenu(anchor) {
    const { blocked } = this.phone.screen;
    const items = this.phone.person.can ? [] : [menuItem(icon('refresh'), t('restart'), () => this.start())];
    items.push(menuItem(icon('lock'), t(blocked ? 'unblock' : this.phone.person.can ? 'block_sender' : 'block'), () => this.run(blocked ? 'unblock' : 'block'), blocked ? '' : 'is-danger'));
    popover(this.host, anchor, items, { label: t('more'), side: 'below' });
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => null);
    toast(this.host, t('copied'));
  }

  /** A link to this very bot starts it with its payload; true when the link was taken so. */
  link(address) {
    const url = new URL(address);
    const own = botOf(this.phone.person).username;
    if (!['t.me', 'telegram.me'].includes(url.hostname) || url.pathname.slice(1).toLowerCase() !== own?.toLowerCase()) return false;
    this.start(url.searchParams.get('start') || '');
    return true;
  }

  /** A picture over the whole phone. */
  show(media) {
    const before = document.activeElement;
    const close = () => {
      node.remove();
      before?.focus?.({ preventScroll: true });
    };
    const node = el('button', { type: 'button', class: 'lightbox', 'aria-label': t('close'), lang: language(), on: { click: close } },
      el('img', { src: fileAddress(media), alt: t('photo') }));
    node.addEventListener('keydown', (event) => event.key === 'Escape' && close());
    this.host.append(node);
    node.focus();
  }
}

/** What a window answered at once, in the words of a bot's answer. */
function told({ toast: text, alert, url }) {
  return { text: alert || text, show_alert: Boolean(alert), url };
}
