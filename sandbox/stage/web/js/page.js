// The page around the phones: brand, steps, controls, tabs of the narrow layout.

import { el, icon, iconButton } from './dom.js';
import { liveView } from './log.js';
import { Refused, reset } from './net.js';
import { Phone } from './phone.js';
import { ask, toast } from './popups.js';
import { siteWindow } from './site.js';
import { stepLine } from './steps.js';
import { forgetListeners, listen, store, tell } from './store.js';
import { keepLanguage, language, t } from './words.js';

const TABS = [['clients', 'chat'], ['managers', 'desk'], ['site', 'shop'], ['events', 'pulse']];
let tab = 'clients';

/** Draw everything (again): at the beginning and after a change of language. */
export function drawPage() {
  forgetListeners();
  const phones = { clients: new Phone('clients'), managers: new Phone('managers') };
  const go = (side) => {
    show(side);
    const { node, composer, screenNode } = phones[side];
    node.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    screenNode.parentElement.classList.remove('is-called');
    requestAnimationFrame(() => screenNode.parentElement.classList.add('is-called'));
    (composer.node.isConnected ? composer.input : screenNode.querySelector('.button-main'))?.focus({ preventScroll: true });
  };
  const middle = el('div', { class: 'middle' }, siteWindow(), liveView());
  const main = el('main', { class: 'columns' }, phones.clients.node, middle, phones.managers.node);
  const offline = el('div', { class: 'offline', role: 'status', hidden: store.online, text: t('offline') });
  listen('online', (online) => { offline.hidden = online; });
  const root = document.getElementById('stage');
  root.replaceChildren(topBar(), hero(go), main, tabBar(main), offline);
  show(tab);
  for (const phone of Object.values(phones)) phone.list.toBottom();
}

function topBar() {
  return el('header', { class: 'top' },
    el('div', { class: 'brand' }, el('img', { src: '/stage/web/icon.svg', alt: '', width: 32, height: 32 }),
      el('b', { text: t('brand') }), el('span', { class: 'demo-badge', text: t('demo_badge') }),
      el('span', { class: 'tagline', text: t('tagline') })),
    el('div', { class: 'controls' }, languageSwitch(), themeSwitch(), resetButton()));
}

function hero(go) {
  return el('section', { class: 'hero' },
    el('div', { class: 'hero-words' }, el('h1', { text: t('headline') }), el('p', { text: t('intro') })),
    stepLine(go));
}

function languageSwitch() {
  const buttons = ['ru', 'en'].map((each) => el('button', {
    type: 'button', text: each.toUpperCase(), lang: each, 'aria-pressed': String(each === language()),
    'aria-label': { ru: 'Русский', en: 'English' }[each],
    on: { click: () => changeLanguage(each) },
  }));
  return el('div', { class: 'switch', role: 'group', 'aria-label': t('language') }, buttons);
}

function changeLanguage(wanted) {
  if (wanted === language()) return;
  keepLanguage(wanted);
  drawPage();
  document.querySelector(`.switch [lang=${wanted}]`).focus();
}

function themeSwitch() {
  const root = document.documentElement;
  const isDark = () => root.dataset.theme === 'dark';
  const label = () => t(isDark() ? 'theme_light' : 'theme_dark');
  const button = iconButton(isDark() ? 'sun' : 'moon', label(), () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    localStorage.setItem('pult-stage-theme', root.dataset.theme);
    button.replaceChildren(icon(isDark() ? 'sun' : 'moon'));
    button.setAttribute('aria-label', label());
    button.title = label();
    tell('theme');
  }, { class: 'theme-switch' });
  return button;
}

function resetButton() {
  const button = el('button', { type: 'button', class: 'button button-quiet reset', on: { click: startOver } }, icon('refresh'), el('span', { text: t('reset') }));
  async function startOver() {
    if (!(await ask(document.body, t('reset_question'), { yes: t('reset_yes'), no: t('cancel') }))) return;
    button.disabled = true;
    button.classList.add('is-busy');
    try {
      await reset();
      toast(document.body, t('reset_done'));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(document.body, t(error.code));
    } finally {
      button.disabled = false;
      button.classList.remove('is-busy');
    }
  }
  return button;
}

function tabBar(main) {
  const buttons = TABS.map(([name, picture]) => el('button', {
    type: 'button', class: 'tab', data: { tab: name }, 'aria-controls': `panel-${name}`, on: { click: () => show(name) },
  }, icon(picture), el('span', { text: t(name === 'events' ? 'events_tab' : name) }), el('b', { class: 'count', hidden: true })));
  main.addEventListener('unread', (event) => {
    const name = event.target.id.replace('panel-', '');
    const badge = buttons.find((each) => each.dataset.tab === name)?.querySelector('.count');
    if (!badge) return;
    badge.hidden = !event.detail;
    badge.textContent = String(event.detail || '');
  });
  return el('nav', { class: 'tabs', 'aria-label': t('brand') }, buttons);
}

/** Which part a narrow page shows; wide pages show all. */
function show(name) {
  tab = name;
  document.getElementById('stage').dataset.tab = name;
  for (const button of document.querySelectorAll('.tab')) {
    const chosen = button.dataset.tab === name;
    button.setAttribute('aria-current', chosen ? 'page' : 'false');
    if (chosen && name === 'events') button.querySelector('.count').hidden = true;
  }
  tell('shown');
}

document.addEventListener('visibilitychange', () => tell('shown'));
