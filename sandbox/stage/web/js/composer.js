// Where a person writes: text, attachments, emoji, commands, reply and edit marks.

import { attachMenu, samplePhoto } from './attach.js';
import { gist } from './bubble.js';
import { el, icon, iconButton } from './dom.js';
import { menuItem, popover } from './popups.js';
import { t } from './words.js';

const EMOJI = [...'😀😊🙂😉😍🥰😘🤗🤔😅😂🙃😌😢😡👍👎👌🙏👏💪🤝👋🎉🎂🎁💐🌹🌷🌼🌻🌸🍀❤💔🔥✨⭐✅❌⚠📦🚚🏠📞⏰💰🧾☕🍰'];

const ATTACHED = ['photos', 'files', 'voice', 'location', 'contact'];

export const emptyDraft = () => ({ text: '', subject: '', reply: null, editing: null, files: [], kind: 'photos' });

export class Composer {
  /** `host` is the phone's screen; `act` has send(draft), voice, location, contact, command. */
  constructor(host, act) {
    this.host = host;
    this.act = act;
    this.draft = emptyDraft();
    this.commands = [];
    this.hasKeyboard = false;
    this.can = () => true;
    this.input = el('textarea', { class: 'input', rows: 1, maxlength: 4096, 'aria-label': t('message_placeholder'), placeholder: t('message_placeholder') });
    this.subject = el('input', { class: 'subject-input', maxlength: 250, hidden: true, 'aria-label': t('subject'), placeholder: t('subject') });
    this.context = el('div', { class: 'context', hidden: true });
    this.picker = el('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1', 'aria-hidden': 'true' });
    this.attachButton = iconButton('clip', t('attach'), () => this.openAttach(), { 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
    this.emojiButton = iconButton('smile', t('emoji'), () => this.openEmoji(), { 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
    this.slashButton = iconButton('slash', t('commands'), () => this.openCommands(), { 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
    this.keysButton = iconButton('keys', t('keyboard_hide'), () => this.act.toggleKeyboard());
    this.sendButton = iconButton('mic', t('attach_voice'), () => this.sendOrSpeak(), { class: 'send-button' });
    this.node = el('div', { class: 'composer' }, this.subject, this.context,
      el('div', { class: 'composer-row' }, this.attachButton,
        el('div', { class: 'input-box' }, this.input, this.slashButton, this.keysButton, this.emojiButton),
        this.sendButton, this.picker));
    this.wire();
  }

  wire() {
    this.input.addEventListener('input', () => {
      this.draft.text = this.input.value;
      this.grow();
      this.paintButtons();
    });
    this.subject.addEventListener('input', () => { this.draft.subject = this.subject.value; });
    this.input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      } else if (event.key === 'Escape' && (this.draft.reply || this.draft.editing)) this.clearContext();
    });
    this.input.addEventListener('paste', (event) => this.take([...event.clipboardData.files]) && event.preventDefault());
    this.picker.addEventListener('change', () => {
      this.take([...this.picker.files], this.draft.kind);
      this.picker.value = '';
    });
  }

  /** Show the draft of another chat or topic. */
  load(draft) {
    this.draft = draft;
    this.input.value = draft.text;
    this.subject.value = draft.subject;
    this.grow();
    this.paint();
  }

  /** What the chat offers now: commands, whether there is a reply keyboard and it is open. */
  offer({ commands, keyboard, open, placeholder, disabled, can }) {
    this.can = can;
    this.attachButton.hidden = !ATTACHED.some(can);
    this.subject.hidden = !can('subject');
    this.commands = commands;
    this.input.placeholder = disabled || placeholder || t('message_placeholder');
    this.input.disabled = Boolean(disabled);
    this.keysButton.hidden = !keyboard;
    this.keysButton.setAttribute('aria-label', t(open ? 'keyboard_hide' : 'keyboard_show'));
    this.keysButton.classList.toggle('is-on', open);
    this.paintButtons();
  }

  reply(message) {
    this.draft.editing = null;
    this.draft.reply = message;
    this.paint();
    this.input.focus();
  }

  edit(message) {
    Object.assign(this.draft, { reply: null, editing: message, files: [], text: message.text ?? message.caption ?? '' });
    this.input.value = this.draft.text;
    this.grow();
    this.paint();
    this.input.focus();
  }

  clearContext() {
    if (this.draft.editing) this.draft.text = this.input.value = '';
    Object.assign(this.draft, { reply: null, editing: null, files: [] });
    this.grow();
    this.paint();
    this.input.focus();
  }

  /** Take files to be sent; pictures go as photos unless `kind` says otherwise. */
  take(files, kind = null) {
    if (!files.length || !(this.can('photos') || this.can('files'))) return false;
    this.draft.kind = kind || (this.can('photos') && files.every((each) => each.type.startsWith('image/')) ? 'photos' : 'files');
    this.draft.files = [...this.draft.files, ...files].slice(0, 10);
    this.paint();
    this.input.focus();
    return true;
  }

  send() {
    const { draft } = this;
    draft.text = this.input.value;
    if (!draft.text.trim() && !draft.files.length) return;
    this.act.send({ ...draft });
    Object.assign(draft, emptyDraft());
    this.load(draft);
  }

  sendOrSpeak() {
    if (this.sendButton.dataset.does === 'voice') this.act.voice();
    else this.send();
  }

  paint() {
    const { reply, editing, files } = this.draft;
    const target = editing || reply;
    const parts = [];
    if (target) {
      parts.push(icon(editing ? 'edit' : 'reply'), el('span', { class: 'context-words' },
        el('b', { text: editing ? t('editing') : target.from.name }), el('span', { text: gist(target) })));
    }
    if (files.length) parts.push(el('span', { class: 'thumbs' }, files.map(thumb)));
    if (parts.length) parts.push(iconButton('close', t(files.length ? 'remove_attachment' : 'cancel'), () => this.clearContext()));
    this.context.replaceChildren(...parts);
    this.context.hidden = !parts.length;
    this.paintButtons();
  }

  paintButtons() {
    const ready = Boolean(this.input.value.trim() || this.draft.files.length);
    const does = this.draft.editing ? 'save' : ready || !this.can('voice') ? 'send' : 'voice';
    const label = { save: t('save'), send: t('send'), voice: t('attach_voice') }[does];
    if (this.sendButton.dataset.does !== does) {
      this.sendButton.dataset.does = does;
      this.sendButton.replaceChildren(icon({ save: 'check', send: 'send', voice: 'mic' }[does]));
    }
    this.sendButton.setAttribute('aria-label', label);
    this.sendButton.title = label;
    this.sendButton.disabled = this.input.disabled;
    this.slashButton.hidden = !this.commands.length || ready;
  }

  grow() {
    this.input.style.height = '';
    const needed = this.input.scrollHeight;
    if (needed > this.input.clientHeight) this.input.style.height = `${Math.min(needed, 120)}px`;
  }

  openAttach() {
    const pick = (kind) => {
      this.draft.kind = kind;
      this.picker.accept = kind === 'photos' ? 'image/*' : '';
      this.picker.click();
    };
    const sample = async () => this.take([await samplePhoto()], 'photos');
    popover(this.host, this.attachButton, attachMenu({ pick, sample, ...this.act, can: this.can }), { label: t('attach') });
  }

  openEmoji() {
    const put = (emoji) => {
      const { selectionStart: from, selectionEnd: to, value } = this.input;
      this.input.value = value.slice(0, from) + emoji + value.slice(to);
      this.input.selectionStart = this.input.selectionEnd = from + emoji.length;
      this.input.dispatchEvent(new Event('input'));
    };
    const grid = EMOJI.map((emoji) => el('button', { type: 'button', role: 'menuitem', text: emoji, on: { click: () => put(emoji) } }));
    popover(this.host, this.emojiButton, el('div', { class: 'emoji-grid' }, grid), { label: t('emoji') });
  }

  openCommands() {
    const items = this.commands.map(({ command, description }) =>
      menuItem(el('b', { text: `/${command}` }), description, () => this.act.command(`/${command}`), 'is-command'));
    popover(this.host, this.slashButton, items, { label: t('commands') });
  }
}

function thumb(file) {
  if (!file.type.startsWith('image/')) return el('span', { class: 'thumb-file' }, icon('file'), el('span', { text: file.name }));
  const address = URL.createObjectURL(file);
  const image = el('img', { class: 'thumb', src: address, alt: file.name });
  image.addEventListener('load', () => URL.revokeObjectURL(address), { once: true });
  return image;
}
