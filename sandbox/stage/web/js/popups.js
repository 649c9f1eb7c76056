// Toasts, alerts, questions and small menus.

import { el } from './dom.js';
import { t } from './words.js';

/** A short note at the bottom of `host` (a phone or the page). */
export function toast(host, text) {
  host.querySelector(':scope > .toast')?.remove();
  const node = el('div', { class: 'toast', role: 'status', text });
  host.append(node);
  setTimeout(() => node.remove(), 3600);
}

/** A box over `host` that waits for a decision; resolves to true or false. */
export function ask(host, text, { yes = t('ok'), no = null } = {}) {
  return new Promise((done) => {
    const before = document.activeElement;
    const end = (answer) => {
      shade.remove();
      before?.focus?.({ preventScroll: true });
      done(answer);
    };
    const button = (label, answer, kind) =>
      el('button', { type: 'button', class: `button ${kind}`, text: label, on: { click: () => end(answer) } });
    const buttons = [no && button(no, false, 'button-quiet'), button(yes, true, 'button-main')];
    const box = el('div', { class: 'alert', role: 'alertdialog', 'aria-modal': 'true', 'aria-label': text },
      el('p', { text }), el('div', { class: 'alert-buttons' }, buttons));
    const shade = el('div', { class: 'shade' }, box);
    shade.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') end(false);
      if (event.key === 'Tab') trap(event, box);
    });
    host.append(shade);
    box.querySelector('.button-main').focus();
  });
}

function trap(event, box) {
  const all = [...box.querySelectorAll('button, input')];
  const at = all.indexOf(document.activeElement) + (event.shiftKey ? -1 : 1);
  event.preventDefault();
  all[(at + all.length) % all.length].focus();
}

/** Asks for one line of text; resolves to it or to null. */
export function askText(host, label, yes) {
  const input = el('input', { class: 'alert-input', maxlength: 128, 'aria-label': label, placeholder: label });
  const answer = ask(host, label, { yes, no: t('cancel') });
  const box = host.querySelector(':scope > .shade .alert');
  box.querySelector('p').after(input);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') box.querySelector('.button-main').click();
  });
  input.focus();
  return answer.then((ok) => (ok && input.value.trim()) || null);
}

let open = null;

/** Opens `content` beside `anchor` inside `host`; a click elsewhere or Esc closes it. */
export function popover(host, anchor, content, { label, side = 'above' } = {}) {
  const toggled = open?.anchor === anchor;
  closePopover();
  if (toggled) return;
  const node = el('div', { class: 'popover', role: 'menu', 'aria-label': label }, content);
  host.append(node);
  settle(host, anchor, node, side);
  anchor.setAttribute('aria-expanded', 'true');
  open = { node, anchor };
  node.addEventListener('keydown', walk);
  node.querySelector('button')?.focus({ preventScroll: true });
}

export function closePopover(focusBack = false) {
  if (!open) return;
  const { node, anchor } = open;
  open = null;
  node.remove();
  anchor.setAttribute('aria-expanded', 'false');
  if (focusBack) anchor.focus({ preventScroll: true });
}

function settle(host, anchor, node, side) {
  const room = host.getBoundingClientRect();
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = node;
  const left = Math.min(Math.max(8, at.left - room.left), room.width - width - 8);
  const above = at.top - room.top - height - 6;
  const below = at.bottom - room.top + 6;
  const wantsAbove = side === 'above' ? above > 8 : below + height > room.height - 8 && above > 8;
  node.style.left = `${Math.max(8, left)}px`;
  node.style.top = `${Math.max(8, Math.min(wantsAbove ? above : below, room.height - height - 8))}px`;
}

function walk(event) {
  const all = [...event.currentTarget.querySelectorAll('button')];
  const at = all.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  if (event.key in steps) {
    event.preventDefault();
    all[(at + steps[event.key] + all.length) % all.length].focus();
  }
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closePopover(true);
});
document.addEventListener('pointerdown', (event) => {
  if (open && !open.node.contains(event.target) && !open.anchor.contains(event.target)) closePopover();
});

/** One line of a menu. */
export function menuItem(picture, label, run, extra = '') {
  const click = () => {
    closePopover();
    run();
  };
  return el('button', { type: 'button', role: 'menuitem', class: `menu-item ${extra}`, on: { click } },
    picture, el('span', { text: label }));
}
